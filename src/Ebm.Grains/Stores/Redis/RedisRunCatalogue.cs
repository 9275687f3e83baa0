using System.Globalization;
using System.Text;
using Ebm.Contracts.Runs;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>The runs in Redis, and their sizes there.</summary>
internal sealed class RedisRunCatalogue(RedisCalls calls, RedisKeys keys, IOptions<RedisStoreOptions> options)
    : IRunCatalogue
{
    /// <summary>How long the fence of a deleted run stays: longer than any writer of it can sleep.</summary>
    private static readonly TimeSpan Tombstone = TimeSpan.FromDays(1);

    private const int KeysAtOnce = 500;

    private const string CloseText = """
        local epoch = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), tonumber(ARGV[1]) + 1)
        redis.call('SET', KEYS[1], string.format('%.0f', epoch), 'EX', ARGV[2])
        return 1
        """;

    /// <inheritdoc/>
    public Task Register(string run) => calls.Write(db => db.SetAddAsync(keys.Runs, run));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> Runs() =>
        [.. (await calls.Read(db => db.SetMembersAsync(keys.Runs))).Select(r => r.ToString())
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public async Task<RunStorage> Measure(string run)
    {
        var all = await KeysOf(run);
        var bytes = 0L;
        foreach (var some in all.Chunk(KeysAtOnce))
        {
            var sizes = await calls.Read(db => Task.WhenAll(
                some.Select(key => db.ExecuteAsync("MEMORY", "USAGE", key))));
            bytes += sizes.Sum(size => size.IsNull ? 0 : (long)size);
        }

        var shards = new List<ShardStorage>();
        foreach (var key in all)
        {
            if (keys.ShardOf(run, key.ToString()) is { } shard
                && (byte[]?)await calls.Read(db => db.StringGetRangeAsync(key, 0, ShardImage.Start - 1)) is { } start
                && start.Length > 0)
            {
                var (slots, bytesPerState, header) = ShardImage.DecodeStart(shard, start, "the record");
                shards.Add(new ShardStorage(
                    shard.Shard,
                    slots,
                    (long)slots * bytesPerState,
                    header.Round,
                    DateTimeOffset.FromUnixTimeMilliseconds(header.Written),
                    header.Chains == 0 ? 0 : (double)header.Reinitialised / header.Chains));
            }
        }

        var files = FilesOf(run) is { Exists: true } folder
            ? folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length)
            : 0;
        return new RunStorage("redis", bytes + files, [.. shards.OrderBy(s => s.Shard)]);
    }

    /// <inheritdoc/>
    public async Task Delete(string run, long epoch)
    {
        // From here on all writes are fenced, so the keys found later are complete.
        await calls.Write(db => db.ScriptEvaluateAsync(
            CloseText, [keys.Fence(run)],
            [epoch, ((long)Tombstone.TotalSeconds).ToString(CultureInfo.InvariantCulture)]));
        foreach (var some in (await KeysOf(run)).Where(k => k != keys.Fence(run)).Chunk(KeysAtOnce))
        {
            await calls.Write(db => db.KeyDeleteAsync(some));
        }

        if (FilesOf(run) is { Exists: true } folder)
        {
            folder.Delete(recursive: true);
        }

        await calls.Write(db => db.SetRemoveAsync(keys.Runs, run));
    }

    private DirectoryInfo? FilesOf(string run) => options.Value.CheckpointDirectory is { } directory
        ? new DirectoryInfo(Path.Combine(directory, RunId.Checked(run)))
        : null;

    private Task<List<RedisKey>> KeysOf(string run) => calls.Scan(keys.Fence(run), Escaped(keys.Of(run)) + "*");

    /// <summary>A pattern that matches nothing but the text.</summary>
    private static string Escaped(string text)
    {
        var pattern = new StringBuilder();
        foreach (var c in text)
        {
            pattern.Append(c is '*' or '?' or '[' or ']' or '\\' ? "\\" : "").Append(c);
        }

        return pattern.ToString();
    }
}
