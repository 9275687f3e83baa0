namespace Ebm.Grains.Stores.Redis;

/// <summary>The scripts that write checkpoints.</summary>
internal static class CheckpointScripts
{
    /// <summary>
    /// Keys: set of chunks, chunk. Values: its content. A chunk is in the set as soon as it is there, so none can be
    /// lost sight of.
    /// </summary>
    public static readonly FencedScript Put = new("""
        redis.call('SADD', KEYS[2], KEYS[3])
        redis.call('SET', KEYS[3], ARGV[2])
        return 1
        """);

    /// <summary>
    /// Keys: hash of manifests, then every chunk. Values: place, manifest, then every chunk's length. Returns 0 where a
    /// chunk is missing: Redis may have come back without its last second since it was written.
    /// </summary>
    public static readonly FencedScript Publish = new("""
        for i = 3, #KEYS do
            if redis.call('STRLEN', KEYS[i]) ~= tonumber(ARGV[i + 1]) then return 0 end
        end
        redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
        return 1
        """);

    /// <summary>Keys: hash of manifests. Values: place.</summary>
    public static readonly FencedScript Withdraw = new("return redis.call('HDEL', KEYS[2], ARGV[2])");

    /// <summary>Keys: set of chunks, then the chunks to delete.</summary>
    public static readonly FencedScript Drop = new("""
        for i = 3, #KEYS do
            redis.call('UNLINK', KEYS[i])
            redis.call('SREM', KEYS[2], KEYS[i])
        end
        return 1
        """);
}
