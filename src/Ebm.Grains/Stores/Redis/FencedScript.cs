using System.Globalization;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// A script that writes for a run. Redis runs it as one step, after comparing the writer's epoch with the run's fence.
/// Its writes go into the log of Redis as one transaction, so a log that is cut leaves all of them or none.
/// </summary>
/// <param name="body">
/// Lua. <c>KEYS[1]</c> is the fence and <c>ARGV[1]</c> the epoch; the script's own keys and values follow. It returns
/// one value.
/// </param>
internal sealed class FencedScript(string body)
{
    // No fence: the run was deleted, or Redis has lost it; nobody may write until an epoch is given out. An epoch above
    // the fence was given out and forgotten by a Redis that came back without its last second.
    private const string Fence = """
        local fence = tonumber(redis.call('GET', KEYS[1]) or '0')
        local epoch = tonumber(ARGV[1])
        if fence == 0 or epoch < fence then return {0, string.format('%.0f', fence)} end
        if epoch > fence then redis.call('SET', KEYS[1], ARGV[1]) end
        local function body()

        """;

    private readonly string _text = Fence + body + "\nend\nreturn {1, body()}";

    /// <summary>Runs it; null where the epoch was replaced.</summary>
    /// <param name="calls">The way to Redis.</param>
    /// <param name="fence">The run's fence.</param>
    /// <param name="epoch">The writer's epoch.</param>
    /// <param name="keys">The script's keys after the fence, all of the same run.</param>
    /// <param name="values">Its values after the epoch.</param>
    /// <returns>What the body returned; null and the fence where the epoch was replaced.</returns>
    public async Task<(RedisResult? Answer, long Fence)> Try(
        RedisCalls calls, RedisKey fence, long epoch, RedisKey[] keys, params RedisValue[] values)
    {
        var answer = await calls.Write(db => db.ScriptEvaluateAsync(_text, [fence, .. keys], [epoch, .. values]));
        return (int)answer[0] == 1
            ? (answer[1], epoch)
            : (null, long.Parse((string)answer[1]!, CultureInfo.InvariantCulture));
    }

    /// <inheritdoc cref="Try"/>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    public async Task<RedisResult> Run(
        RedisCalls calls, RedisKeys names, string run, long epoch, RedisKey[] keys, params RedisValue[] values)
    {
        var (answer, fence) = await Try(calls, names.Fence(run), epoch, keys, values);
        return answer ?? throw new StaleEpochException(run, epoch, Math.Max(fence, epoch + 1));
    }
}
