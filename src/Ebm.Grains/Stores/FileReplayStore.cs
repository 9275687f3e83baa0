using System.Collections.Concurrent;
using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.RunFolders;

namespace Ebm.Grains.Stores;

/// <summary>
/// Replay slots in a run's folder: for each shard a log that begins with all slots and grows by what each round
/// changes. A round is one append with a checksum, so the death of the process leaves it whole or not there at all.
/// </summary>
internal sealed class FileReplayStore(RunHome home) : IReplayStore, IDisposable
{
    /// <summary>A log is written afresh when its rounds are this many times as long as its slots.</summary>
    private const int RoundsPerRewrite = 16;

    private readonly ConcurrentDictionary<ShardKey, ShardLog> _logs = new();

    /// <inheritdoc/>
    public Task<ShardRecord?> Read(ShardKey shard) => Task.FromResult(Log(shard).Read());

    /// <inheritdoc/>
    public Task<WriteVerdict> Commit(ShardKey shard, ShardCommit commit)
    {
        var order = commit.Order;
        if (!home.MayWrite(shard.Run, order.Epoch))
        {
            return Task.FromResult(WriteVerdict.StaleEpoch);
        }

        var log = Log(shard);
        var verdict = log.Append(commit);
        if (verdict is WriteVerdict.Accepted or WriteVerdict.AlreadyStored && order.Checkpoint)
        {
            AtomicFile.Write(CopyPath(shard, order.Attempt, order.Round), log.Read()!.Slots);
        }

        log.RewriteIfLong(RoundsPerRewrite);
        return Task.FromResult(verdict);
    }

    /// <inheritdoc/>
    public Task<WriteVerdict> Rewind(ShardKey shard, RewindOrder order, byte[] slots, int bytesPerState)
    {
        if (!home.MayWrite(shard.Run, order.Epoch))
        {
            return Task.FromResult(WriteVerdict.StaleEpoch);
        }

        var verdict = Log(shard).Rewind(order, slots);
        if (verdict == WriteVerdict.Accepted)
        {
            DropCopies(shard);
        }

        return Task.FromResult(verdict);
    }

    /// <inheritdoc/>
    public async Task<byte[]?> ReadCopy(ShardKey shard, int attempt, long round)
    {
        var path = CopyPath(shard, attempt, round);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path) : null;
    }

    /// <inheritdoc/>
    public Task DropCopy(ShardKey shard, long epoch, int attempt, long round)
    {
        home.Check(shard.Run, epoch);
        var path = CopyPath(shard, attempt, round);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var log in _logs.Values)
        {
            log.Dispose();
        }
    }

    private ShardLog Log(ShardKey shard) => _logs.GetOrAdd(
        shard, key => new ShardLog(home.Of(key.Run, $"{RunLayout.Replay}/{key.Shard:D5}.log")));

    /// <summary>Copies of a checkpoint that never became whole, or that died before they were deleted.</summary>
    private void DropCopies(ShardKey shard)
    {
        foreach (var copy in Directory.EnumerateFiles(home.Of(shard.Run, RunLayout.Replay), $"{shard.Shard:D5}.*.copy"))
        {
            File.Delete(copy);
        }
    }

    private string CopyPath(ShardKey shard, int attempt, long round) =>
        home.Of(shard.Run, $"{RunLayout.Replay}/{shard.Shard:D5}.{attempt}-{round:D8}.copy");
}
