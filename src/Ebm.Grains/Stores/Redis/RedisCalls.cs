using System.Diagnostics;
using Ebm.Contracts.Retries;
using Ebm.Core;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// The only access to Redis. While Redis is down or refuses writes, a call is retried until it is answered or the silo
/// stops, and <see cref="StoreHealth"/> says why the run waits. Every operation of the stores is idempotent.
/// </summary>
internal sealed class RedisCalls(
    IConnectionMultiplexer connection, StoreHealth health, RedisMetrics metrics, TimeProvider time,
    IHostApplicationLifetime? lifetime = null)
{
    private static readonly Backoff Backoff = new(TimeSpan.FromSeconds(0.1), TimeSpan.FromSeconds(2));

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
    public Task<T> Read<T>(Func<IDatabase, Task<T>> call) => Repeat(call, writes: false);

    /// <summary>A call that writes.</summary>
    /// <inheritdoc cref="Read"/>
    public Task<T> Write<T>(Func<IDatabase, Task<T>> call) => Repeat(call, writes: true);

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

    private async Task<T> Repeat<T>(Func<IDatabase, Task<T>> call, bool writes)
    {
        try
        {
            return await Retry.Call(
                () => Attempt(call, writes),
                e => RedisFailures.Reason(e, Address) is not null,
                Backoff,
                _ => { },
                time,
                _stopping);
        }
        catch (OperationCanceledException e)
            when (e.InnerException is { } failure && RedisFailures.Reason(failure, Address) is { } reason)
        {
            throw new StoreUnavailableException($"{reason}; this silo stops", failure);
        }
        catch (Exception e) when (e is RedisException or ObjectDisposedException)
        {
            throw new EbmException($"Redis at {Address} does not do what was asked: {e.Message}", e);
        }
    }

    private async Task<T> Attempt<T>(Func<IDatabase, Task<T>> call, bool writes)
    {
        var begun = time.GetTimestamp();
        try
        {
            var answer = await call(connection.GetDatabase());
            Metrics.Called(time.GetElapsedTime(begun), writes, null);
            Answered(writes);
            return answer;
        }
        catch (Exception e) when (RedisFailures.Reason(e, Address) is { } reason)
        {
            Metrics.Called(time.GetElapsedTime(begun), writes, e);
            _refusesWrites |= RedisFailures.IsOfWrites(e);
            health.Failed(reason);
            throw;
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

    private static string Text(System.Net.EndPoint endpoint) => EndPointCollection.ToString(endpoint);
}
