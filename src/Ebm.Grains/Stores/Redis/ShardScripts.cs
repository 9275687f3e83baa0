namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// The scripts that write shards. They hold <see cref="Core.Rounds.ShardFence"/> once more, in Lua, because only there
/// is the rule one step with the write; a test holds the two together. Verdicts are its numbers. Redis cannot compute
/// the header's checksum: what is returned with a verdict that refuses is the header, for the caller to verify.
/// </summary>
internal static class ShardScripts
{
    /// <summary>What <see cref="Commit"/> returns where the write does not fit the record's form.</summary>
    public const int Misfit = -1;

    /// <summary>
    /// Keys: shard, set of copies, copy. Values: attempt, round, header with checksum, 1 to copy, bytes of a slot,
    /// offset and length of each stretch of slots (4 bytes each), the stretches.
    /// </summary>
    public static readonly FencedScript Commit = new("""
        local start = redis.call('GETRANGE', KEYS[2], 0, 111)
        if #start < 112 then return {3, ''} end
        local count, bytes = struct.unpack('<I4I4', start, 5)
        local stored, last, attempt, answerable = struct.unpack('<i8i8i4i4', start, 17)
        local round = tonumber(ARGV[3])
        local header = string.sub(start, 17)
        if epoch < stored then return {2, header} end
        if epoch > stored or tonumber(ARGV[2]) ~= attempt then return {3, header} end
        local verdict
        if round == last + 1 then
            local length = redis.call('STRLEN', KEYS[2])
            if tonumber(ARGV[6]) ~= bytes + 4 or length ~= 112 + count * (bytes + 4) then return {-1, ''} end
            local stretches = {}
            local at = 1
            for i = 1, #ARGV[7], 8 do
                local offset, size = struct.unpack('<I4I4', ARGV[7], i)
                if offset < 112 or offset + size > length then return {-1, ''} end
                stretches[#stretches + 1] = {offset, at, at + size - 1}
                at = at + size
            end
            redis.call('SETRANGE', KEYS[2], 16, ARGV[4])
            for _, s in ipairs(stretches) do redis.call('SETRANGE', KEYS[2], s[1], string.sub(ARGV[8], s[2], s[3])) end
            verdict = 0
        elseif round == last and answerable ~= 0 then
            verdict = 1
        else
            return {3, header}
        end
        if ARGV[5] == '1' and (verdict == 0 or redis.call('EXISTS', KEYS[4]) == 0) then
            redis.call('COPY', KEYS[2], KEYS[4], 'REPLACE')
            redis.call('SADD', KEYS[3], KEYS[4])
        end
        return {verdict, header}
        """);

    /// <summary>
    /// Keys: shard, set of copies. Values: the record. A stored epoch above the fence was never given out, so it is
    /// spoilt, and no reason to leave the record as it is. Copies that are left are of checkpoints that never became
    /// whole; their keys are not declared, but have the run's slot.
    /// </summary>
    public static readonly FencedScript Rewind = new("""
        local header = redis.call('GETRANGE', KEYS[2], 16, 111)
        if #header == 96 and struct.unpack('<i8', header) == epoch then return {1, header} end
        redis.call('SET', KEYS[2], ARGV[2])
        for _, copy in ipairs(redis.call('SMEMBERS', KEYS[3])) do redis.call('UNLINK', copy) end
        redis.call('UNLINK', KEYS[3])
        return {0, header}
        """);

    /// <summary>Keys: set of copies, copy.</summary>
    public static readonly FencedScript DropCopy = new("""
        redis.call('UNLINK', KEYS[3])
        redis.call('SREM', KEYS[2], KEYS[3])
        return 1
        """);
}
