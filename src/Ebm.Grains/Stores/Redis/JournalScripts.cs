namespace Ebm.Grains.Stores.Redis;

/// <summary>The scripts that write journals.</summary>
internal static class JournalScripts
{
    /// <summary>
    /// Keys: metrics. Values: round and line, again and again. A round has one line, the last that was said.
    /// </summary>
    public static readonly FencedScript AppendMetrics = new("""
        for i = 2, #ARGV, 2 do
            if redis.call('ZCOUNT', KEYS[2], ARGV[i], ARGV[i]) > 0 then
                redis.call('ZREMRANGEBYSCORE', KEYS[2], ARGV[i], ARGV[i])
            end
            redis.call('ZADD', KEYS[2], ARGV[i], ARGV[i + 1])
        end
        return 1
        """);

    /// <summary>Keys: metrics. Values: the last round to keep.</summary>
    public static readonly FencedScript CutMetrics = new(
        "return redis.call('ZREMRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf')");

    /// <summary>
    /// Keys: events. Values: how many to keep (a few more stay), then number and event, again and again. Numbers that
    /// are there, or were, are left out.
    /// </summary>
    public static readonly FencedScript AppendEvents = new("""
        local newest = redis.call('XREVRANGE', KEYS[2], '+', '-', 'COUNT', 1)
        local last = newest[1] and tonumber(string.match(newest[1][1], '^%d+')) or 0
        for i = 3, #ARGV, 2 do
            if tonumber(ARGV[i]) > last then
                redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], ARGV[i] .. '-0', 'e', ARGV[i + 1])
                last = tonumber(ARGV[i])
            end
        end
        return 1
        """);

    /// <summary>
    /// Keys: artefacts. Values: name, content, how many pictures of samples to keep: the first, the latest, and of
    /// those between the ones that stand furthest apart. A picture of a round takes those of later rounds with it: they
    /// are of a past that the run went back on.
    /// </summary>
    public static readonly FencedScript WriteArtefact = new("""
        local function round(name) return tonumber(string.match(name, '^samples%-(%d+)%.%a+$')) end
        redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
        local written = round(ARGV[2])
        if not written then return 1 end
        local kept = {}
        for _, name in ipairs(redis.call('HKEYS', KEYS[2])) do
            local of = round(name)
            if of and of > written then redis.call('HDEL', KEYS[2], name) end
            if of and of <= written then kept[#kept + 1] = name end
        end
        table.sort(kept, function(a, b) return round(a) < round(b) end)
        while #kept > tonumber(ARGV[4]) do
            local at = 2
            for i = 3, #kept - 1 do
                if round(kept[i + 1]) - round(kept[i - 1]) < round(kept[at + 1]) - round(kept[at - 1]) then at = i end
            end
            redis.call('HDEL', KEYS[2], table.remove(kept, at))
        end
        return 1
        """);
}
