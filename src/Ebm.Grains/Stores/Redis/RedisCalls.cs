using System.Diagnostics;
using Ebm.Core;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// The one way to Redis. While it is away, or takes nothing, a call is repeated until it is answered or the silo stops,
/// and
/// <see cref="StoreHealth"/> says why the run waits. The outcome of a call that failed is unknown, so every operation
/// of the stores has the same effect when it is done again.
/// </summary>
internal sealed class RedisCalls(
    IConnectionMultiplexer connection, StoreHealth health, RedisMetrics metrics, TimeProvider time,
    IHostApplicationLifetime? lifetime = null)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.1), Longest = TimeSpan.FromSeconds(2);

    private readonly CancellationToken _stopping = lifetime?.ApplicationStopping ?? CancellationToken.None;
    private readonly RedisSpans _spans = new(connection);
    private volatile bool _refusesWrites;

    /// <summary>Where Redis is, for messages.</summary>
    public string Address { get; } = string.Join(", ", connection.GetEndPoints(configuredOnly: true).Select(Text));

    /// <summary>What is measured of the calls.</summary>
    public RedisMetrics Metrics { get; } = metrics;

    /// <summary>A call that changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">The silo stops before Redis answers.</exception>
    /// <exception cref="EbmException">Redis answers with an error that does not pass.</exception>
    public Task<T> Read<T>(Func<IDatabase, Task<T>> call) => Insist(call, writes: false);

    /// <summary>A call that writes.</summary>
    /// <inheritdoc cref="Read"/>
    public Task<T> Write<T>(Func<IDatabase, Task<T>> call) => Insist(call, writes: true);

    /// <summary>The keys that match a pattern, of the server that has <paramref name="sample"/>'s slot.</summary>
    public Task<List<RedisKey>> Scan(RedisKey sample, string pattern) => Read(async _ =>
    {
        var keys = new List<RedisKey>();
        await foreach (var key in connection.GetServer(sample).KeysAsync(pattern: pattern, pageSize: 1000))
        {
            keys.Add(key);
        }

        return keys;
    });

    /// <summary>Begins a span in which calls are made.</summary>
    internal Activity? Span(SpanEntry span, string operation) => _spans.Start(span, operation);

    private async Task<T> Insist<T>(Func<IDatabase, Task<T>> call, bool writes)
    {
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            string reason;
            Exception failure;
            var begun = time.GetTimestamp();
            try
            {
                var answer = await call(connection.GetDatabase());
                Metrics.Called(time.GetElapsedTime(begun), writes, null);
                Answered(writes);
                return answer;
            }
            catch (Exception e) when (RedisFailures.Reason(e, Address) is not null)
            {
                (reason, failure) = (RedisFailures.Reason(e, Address)!, e);
            }
            catch (Exception e) when (e is RedisException or ObjectDisposedException)
            {
                throw new EbmException($"Redis at {Address} does not do what was asked: {e.Message}", e);
            }

            Metrics.Called(time.GetElapsedTime(begun), writes, failure);
            _refusesWrites |= RedisFailures.IsOfWrites(failure);
            health.Failed(reason);
            await Pause(pause, reason, failure);
        }
    }

    private void Answered(bool writes)
    {
        if (writes || !_refusesWrites)
        {
            _refusesWrites = false;
            health.Answered();
        }
    }

    private async Task Pause(TimeSpan pause, string reason, Exception failure)
    {
        try
        {
            await Task.Delay(pause, time, _stopping);
        }
        catch (OperationCanceledException)
        {
            throw new StoreUnavailableException($"{reason}; this silo stops", failure);
        }
    }

    private static string Text(System.Net.EndPoint endpoint) => EndPointCollection.ToString(endpoint);
}
