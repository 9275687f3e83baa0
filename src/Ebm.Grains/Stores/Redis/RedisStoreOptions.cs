namespace Ebm.Grains.Stores.Redis;

/// <summary>How runs are kept in Redis.</summary>
internal sealed class RedisStoreOptions
{
    /// <summary>What all keys begin with. Systems that share a Redis have different ones.</summary>
    public string Prefix { get; set; } = "ebm";

    /// <summary>A directory that all silos share, for checkpoints; null to have them in Redis, too.</summary>
    public string? CheckpointDirectory { get; set; }
}
