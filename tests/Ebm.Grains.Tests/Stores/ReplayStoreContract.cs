using CsCheck;
using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Grains.Stores;

namespace Ebm.Grains.Tests.Stores;

/// <summary>What holds of every replay store.</summary>
public abstract class ReplayStoreContract
{
    private const int Slots = 5, Bytes = 3;

    private enum Step
    {
        Commit,
        Repeat,
        Skip,
        OtherAttempt,
        OldEpoch,
        Rewind,
        RewindAgain,
        RewindOld,
        Raise,
        DropCopy,
    }

    private protected abstract Task<(IReplayStore Store, IRunFence Fence)> Open();

    [Fact]
    public async Task Steps_InAnyOrder_EqualTheModel()
    {
        var (store, fence) = await Open();
        var trial = 0;
        await Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1 << 20]).Array[1, 40].SampleAsync(
            sequence => Play(store, fence, new ShardKey($"r{Interlocked.Increment(ref trial)}", 1), sequence),
            iter: 100, threads: 1);
    }

    [Fact]
    public async Task Commit_OfACheckpoint_KeepsACopyUntilItIsDroppedOrRewound()
    {
        var (store, fence) = await Open();
        var shard = new ShardKey("r", 0);
        var epoch = await fence.Raise(shard.Run, 1);
        await store.Rewind(shard, new RewindOrder(epoch, 0, 0), new byte[Slots * Bytes], Bytes);
        await store.Commit(shard, Commit(epoch, 0, 1, 7, checkpoint: true));
        var asOf = (await store.Read(shard))!.Slots;
        await store.Commit(shard, Commit(epoch, 0, 2, 8, checkpoint: true));
        Assert.Equal(asOf, await store.ReadCopy(shard, 0, 1));
        await store.DropCopy(shard, epoch, 0, 1);
        Assert.Null(await store.ReadCopy(shard, 0, 1));
        var next = await fence.Raise(shard.Run, epoch + 1);
        await store.Rewind(shard, new RewindOrder(next, 0, 0), new byte[Slots * Bytes], Bytes);
        Assert.Null(await store.ReadCopy(shard, 0, 2));
    }

    [Fact]
    public async Task Write_OfAnEpochThatWasReplaced_IsRefused()
    {
        var (store, fence) = await Open();
        var shard = new ShardKey("r", 0);
        var old = await fence.Raise(shard.Run, 1);
        await store.Rewind(shard, new RewindOrder(old, 0, 0), new byte[Slots * Bytes], Bytes);
        var current = await fence.Raise(shard.Run, old);
        Assert.True(current > old);
        Assert.Equal(WriteVerdict.StaleEpoch, await store.Commit(shard, Commit(old, 0, 1, 7)));
        Assert.Equal(WriteVerdict.StaleEpoch, await store.Rewind(shard, new RewindOrder(old, 0, 0), [], Bytes));
        await Assert.ThrowsAsync<StaleEpochException>(() => store.DropCopy(shard, old, 0, 1));
    }

    private static async Task Play(
        IReplayStore store, IRunFence fence, ShardKey shard, (Step Step, int Value)[] sequence)
    {
        var epoch = await fence.Raise(shard.Run, 1);
        var position = ShardPosition.Unwritten;
        byte[]? slots = null;
        ChainMetrics figures = default;
        var copies = new Dictionary<(int Attempt, long Round), byte[]>();
        foreach (var (step, value) in sequence)
        {
            switch (step)
            {
                case Step.Commit or Step.Repeat or Step.Skip or Step.OtherAttempt or Step.OldEpoch:
                    var round = position.Round + (step == Step.Skip ? 2 : step == Step.Repeat ? 0 : 1);
                    var commit = Commit(
                        position.Epoch == 0 || step == Step.OldEpoch
                            ? epoch - (step == Step.OldEpoch ? 1 : 0)
                            : position.Epoch,
                        position.Attempt + (step == Step.OtherAttempt ? 1 : 0), round, value, value % 3 == 0);
                    var expected = commit.Order.Epoch < epoch ? WriteVerdict.StaleEpoch
                        : slots is null ? WriteVerdict.OutOfOrder
                        : ShardFence.Commit(position, commit.Order);
                    Assert.Equal(expected, await store.Commit(shard, commit));
                    if (expected == WriteVerdict.Accepted)
                    {
                        slots = [.. slots!];
                        for (var i = 0; i < commit.Slots.Length; i++)
                        {
                            commit.States.AsSpan(i * Bytes, Bytes).CopyTo(slots.AsSpan(commit.Slots[i] * Bytes));
                        }

                        (position, figures) = (ShardFence.After(commit.Order), commit.Figures);
                    }

                    if (commit.Order.Checkpoint && expected is WriteVerdict.Accepted or WriteVerdict.AlreadyStored)
                    {
                        copies[(position.Attempt, position.Round)] = slots!;
                    }

                    break;
                case Step.Rewind or Step.RewindAgain or Step.RewindOld:
                    var order = new RewindOrder(epoch - (step == Step.RewindOld ? 1 : 0), value % 2, value % 7);
                    byte[] fresh = [.. Enumerable.Range(value, Slots * Bytes).Select(b => (byte)b)];
                    var verdict = order.Epoch < epoch ? WriteVerdict.StaleEpoch : ShardFence.Rewind(position, order);
                    Assert.Equal(verdict, await store.Rewind(shard, order, fresh, Bytes));
                    if (verdict == WriteVerdict.Accepted)
                    {
                        (position, slots, figures) = (ShardFence.After(order), fresh, default);
                        copies.Clear();
                    }

                    break;
                case Step.Raise:
                    epoch = await fence.Raise(shard.Run, epoch + value % 3);
                    break;
                case Step.DropCopy:
                    await store.DropCopy(shard, epoch, position.Attempt, position.Round);
                    copies.Remove((position.Attempt, position.Round));
                    break;
            }

            var record = await store.Read(shard);
            Assert.Equal((position, slots), (record?.Position ?? ShardPosition.Unwritten, record?.Slots), Same);
            Assert.Equal(figures, record?.Figures ?? default);
            for (var back = 0; back < 3; back++)
            {
                var at = (position.Attempt, position.Round - back);
                Assert.Equal(copies.GetValueOrDefault(at), await store.ReadCopy(shard, at.Attempt, at.Item2));
            }
        }
    }

    private static bool Same((ShardPosition, byte[]?) a, (ShardPosition, byte[]?) b) =>
        a.Item1 == b.Item1 && (a.Item2 ?? []).SequenceEqual(b.Item2 ?? []) && (a.Item2 is null) == (b.Item2 is null);

    /// <summary>Slots that are and are not neighbours, in either order.</summary>
    private static ShardCommit Commit(long epoch, int attempt, long round, int value, bool checkpoint = false)
    {
        byte[] states = [.. Enumerable.Range(value, 3 * Bytes).Select(b => (byte)(b * 7))];
        return new ShardCommit(
            new AdvanceOrder(epoch, attempt, round, round - 1, checkpoint),
            new ChainMetrics(64, value, double.NaN, value + 1, 0.5, value % 64, 0),
            [value % Slots, (value + 1 + value / Slots % 2) % Slots, (value + 3) % Slots],
            states);
    }
}
