using System.Globalization;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Epochs of runs. One that is given out is above the clock of Redis as well: if Redis comes back without the last
/// second, and has forgotten some, the next is above them all the same.
/// </summary>
internal sealed class RedisRunFence(RedisCalls calls, RedisKeys keys) : IRunFence
{
    private const string RaiseText = """
        local stored = tonumber(redis.call('GET', KEYS[1]) or '0')
        local now = redis.call('TIME')
        local epoch = math.max(tonumber(ARGV[1]), stored + 1, now[1] * 1000 + math.floor(now[2] / 1000))
        epoch = string.format('%.0f', epoch)
        redis.call('SET', KEYS[1], epoch)
        return epoch
        """;

    private static readonly FencedScript Nothing = new("return 1");

    /// <inheritdoc/>
    public async Task<long> Raise(string run, long atLeast)
    {
        // A repeated call gives a higher epoch; the first one stays unused.
        var epoch = await calls.Write(
            db => db.ScriptEvaluateAsync(RaiseText, [keys.Fence(run)], [(RedisValue)atLeast]));
        return long.Parse((string)epoch!, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether an epoch may write, for writes outside Redis.</summary>
    /// <exception cref="StaleEpochException">It was replaced.</exception>
    public Task Check(string run, long epoch) => Nothing.Run(calls, keys, run, epoch, []);
}
