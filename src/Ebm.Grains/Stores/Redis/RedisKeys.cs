using System.Globalization;
using Ebm.Contracts.Chains;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Names of keys: <c>{prefix}:{{run}}:...</c>. The run is in braces, so that all its keys lie in one slot of a cluster
/// and one script may change any of them together.
/// </summary>
internal sealed class RedisKeys(IOptions<RedisStoreOptions> options)
{
    private readonly string _prefix = options.Value.Prefix;

    /// <summary>Set of the ids of all runs.</summary>
    public RedisKey Runs => $"{_prefix}:runs";

    /// <summary>What all keys of a run begin with.</summary>
    public string Of(string run) => $"{_prefix}:{{{run}}}:";

    /// <summary>The highest epoch that may write, as decimal text.</summary>
    public RedisKey Fence(string run) => Of(run) + "fence";

    /// <summary>A shard's record, see <see cref="ShardImage"/>.</summary>
    public RedisKey Shard(ShardKey shard) => ShardPrefix(shard);

    /// <summary>A copy of such a record as of a checkpoint's round.</summary>
    public RedisKey Copy(ShardKey shard, int attempt, long round) => $"{ShardPrefix(shard)}:copy:{At(attempt, round)}";

    /// <summary>Set of the keys of a shard's copies.</summary>
    public RedisKey Copies(ShardKey shard) => $"{ShardPrefix(shard)}:copies";

    /// <summary>Hash of manifests by <see cref="At"/>: each entry is a checkpoint.</summary>
    public RedisKey Checkpoints(string run) => Of(run) + "checkpoints";

    /// <summary>Set of the keys of all chunks, also of those that belong to no checkpoint yet or any more.</summary>
    public RedisKey Chunks(string run) => Of(run) + "chunks";

    /// <summary>What the keys of a checkpoint's chunks begin with.</summary>
    public string Checkpoint(string run, string at) => $"{Of(run)}checkpoint:{at}:";

    /// <summary>Sorted set of the lines of the metrics, by round.</summary>
    public RedisKey Metrics(string run) => Of(run) + "metrics";

    /// <summary>Stream of events; an id is the event's number.</summary>
    public RedisKey Events(string run) => Of(run) + "events";

    /// <summary>Hash of files by name.</summary>
    public RedisKey Artefacts(string run) => Of(run) + "artefacts";

    /// <summary>A place in a run as part of a key: <c>attempt-round</c>.</summary>
    public static string At(int attempt, long round) =>
        string.Create(CultureInfo.InvariantCulture, $"{attempt}-{round}");

    /// <summary>The shard that a key of a run holds the record of; null for other keys.</summary>
    public ShardKey? ShardOf(string run, string key)
    {
        var start = Of(run) + "shard:";
        return key.StartsWith(start, StringComparison.Ordinal)
            && int.TryParse(key.AsSpan(start.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
                ? new ShardKey(run, shard)
                : null;
    }

    private string ShardPrefix(ShardKey shard) =>
        string.Create(CultureInfo.InvariantCulture, $"{Of(shard.Run)}shard:{shard.Shard}");
}
