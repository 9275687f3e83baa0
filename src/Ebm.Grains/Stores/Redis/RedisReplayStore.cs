using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Grains.Telemetry;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Replay slots in Redis: one value a shard (<see cref="ShardImage"/>), in which a commit overwrites the header and the
/// slots that were drawn. A checkpoint's copy is made by Redis itself, in the same step.
/// </summary>
internal sealed class RedisReplayStore(RedisCalls calls, RedisKeys keys, TimeProvider time) : IReplayStore
{
    private const string Record = "the record", CopiedRecord = "the copied record", Payload = "slots";

    /// <inheritdoc/>
    public async Task<ShardRecord?> Read(ShardKey shard)
    {
        using var span = calls.Span(Catalogue.ReplayReadSpan, "GET");
        byte[]? image = await calls.Read(db => db.StringGetAsync(keys.Shard(shard)));
        calls.Metrics.Read(Payload, image?.Length ?? 0);
        span.With(Catalogue.Size, image?.Length ?? 0);
        return image is null ? null : ShardImage.Decode(shard, image, Record);
    }

    /// <inheritdoc/>
    public async Task<WriteVerdict> Commit(ShardKey shard, ShardCommit commit)
    {
        using var span = calls.Span(Catalogue.ReplayCommitSpan, "EVALSHA");
        var order = commit.Order;
        var header = ShardHeader.Of(ShardFence.After(order), order.Version, commit.Figures, time.GetUtcNow());
        var stretches = SlotRanges.Of(commit.Slots, commit.States);
        var (answer, _) = await ShardScripts.Commit.Try(
            calls, keys.Fence(shard.Run), order.Epoch,
            [keys.Shard(shard), keys.Copies(shard), keys.Copy(shard, order.Attempt, order.Round)],
            order.Attempt, order.Round, ShardImage.Encode(shard, header), order.Checkpoint ? 1 : 0,
            stretches.SlotBytes, stretches.Places, stretches.Content);
        calls.Metrics.Wrote(Payload, stretches.Content.Length);
        span.With(Catalogue.Size, stretches.Content.Length);
        return Verdict(shard, answer);
    }

    /// <inheritdoc/>
    public async Task<WriteVerdict> Rewind(ShardKey shard, RewindOrder order, byte[] slots, int bytesPerState)
    {
        var header = ShardHeader.Of(ShardFence.After(order), order.Round, default, time.GetUtcNow());
        var (answer, _) = await ShardScripts.Rewind.Try(
            calls, keys.Fence(shard.Run), order.Epoch, [keys.Shard(shard), keys.Copies(shard)],
            ShardImage.Encode(shard, header, slots, bytesPerState));
        calls.Metrics.Wrote(Payload, slots.Length);
        return Verdict(shard, answer);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadCopy(ShardKey shard, int attempt, long round)
    {
        byte[]? image = await calls.Read(db => db.StringGetAsync(keys.Copy(shard, attempt, round)));
        if (image is null)
        {
            return null;
        }

        calls.Metrics.Read(Payload, image.Length);

        var record = ShardImage.Decode(shard, image, CopiedRecord);
        return (record.Position.Attempt, record.Position.Round) == (attempt, round)
            ? record.Slots
            : throw ShardImage.DescribeCorruption(
                shard, CopiedRecord, $"it is of round {record.Position.Round}, not {round}");
    }

    /// <inheritdoc/>
    public Task DropCopy(ShardKey shard, long epoch, int attempt, long round) => ShardScripts.DropCopy.Run(
        calls, keys, shard.Run, epoch, [keys.Copies(shard), keys.Copy(shard, attempt, round)]);

    /// <summary>
    /// A refusal counts only if the header that it came from is sound: a spoilt one is to be told, not obeyed. One that
    /// lets a round pass has just been replaced.
    /// </summary>
    private static WriteVerdict Verdict(ShardKey shard, RedisResult? answer)
    {
        if (answer is null)
        {
            return WriteVerdict.StaleEpoch;
        }

        var verdict = (int)answer[0];
        if (verdict == ShardScripts.Misfit)
        {
            throw ShardImage.DescribeCorruption(shard, Record, "the slots that were written do not lie within it");
        }

        var header = (byte[])answer[1]!;
        if ((WriteVerdict)verdict != WriteVerdict.Accepted && header.Length > 0)
        {
            ShardImage.DecodeHeader(shard, header, Record);
        }

        return (WriteVerdict)verdict;
    }
}
