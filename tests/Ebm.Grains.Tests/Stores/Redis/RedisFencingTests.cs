using Ebm.Contracts.Runs;
using Ebm.Core.Diagnostics;
using Ebm.Core.Rounds;
using Ebm.Grains.Stores;
using Ebm.Grains.Stores.Redis;
using static Ebm.Grains.Tests.Stores.Redis.RedisStores;

namespace Ebm.Grains.Tests.Stores.Redis;

/// <summary>
/// Every kind of write by an epoch that was replaced, or of a run that was deleted, changes nothing at all.
/// </summary>
public sealed class RedisFencingTests
{
    private static readonly Dictionary<string, Func<RedisStores, long, Task>> Writes = new()
    {
        ["commit"] = async (s, e) => Refused(await s.Replay.Commit(Shard, Commit(e, 2, 5, checkpoint: true))),
        ["commit again"] = async (s, e) => Refused(await s.Replay.Commit(Shard, Commit(e, 1, 5, checkpoint: true))),
        ["rewind"] = async (s, e) => Refused(await s.Replay.Rewind(Shard, new RewindOrder(e, 0, 0), Fresh(), Bytes)),
        ["drop a copy"] = (s, e) => s.Replay.DropCopy(Shard, e, 0, 1),
        ["checkpoint"] = (s, e) => s.Checkpoints.Write(Run, e, Sample(9)),
        ["checkpoint that is there"] = (s, e) => s.Checkpoints.Write(Run, e, Sample(4)),
        ["scheduled"] = (s, e) => s.Checkpoints.Write(Run, e, Sample(3)),
        ["prune"] = (s, e) => s.Checkpoints.Prune(Run, e, 2, RedisStores.Points),
        ["forget"] = (s, e) => s.Checkpoints.Forget(Run, e, 0, 0),
        ["content"] = (s, e) => CheckpointScripts.Put.Run(
            s.Calls, s.Keys, Run, e, [s.Keys.Chunks(Run), s.Keys.Checkpoint(Run, "0-9") + "x"], "content"),
        ["pointer"] = (s, e) => CheckpointScripts.Publish.Run(
            s.Calls, s.Keys, Run, e, [s.Keys.Checkpoints(Run)], "0-9", "manifest"),
        ["withdraw"] = (s, e) => CheckpointScripts.Withdraw.Run(
            s.Calls, s.Keys, Run, e, [s.Keys.Checkpoints(Run)], "0-1"),
        ["delete content"] = async (s, e) => await CheckpointScripts.Drop.Run(
            s.Calls, s.Keys, Run, e,
            [s.Keys.Chunks(Run), (await s.Database.SetMembersAsync(s.Keys.Chunks(Run)))[0].ToString()]),
        ["metrics"] = (s, e) => s.Journal.AppendMetrics(Run, e, [Report(7)]),
        ["cut metrics"] = (s, e) => s.Journal.CutMetrics(Run, e, 1),
        ["events"] = (s, e) => s.Journal.AppendEvents(Run, e, [new RunEvent(9, RunEventKind.Notice, 1, "late")]),
        ["artefact"] = (s, e) => s.Journal.WriteArtefact(Run, e, "curves.png", new byte[] { 9 }),
    };

    public static TheoryData<string> Kinds => [.. Writes.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Write_OfAnEpochThatWasReplaced_LeavesEveryByte(string kind)
    {
        await using var server = await RedisServer.Start();
        await using var stores = await On(server);
        var epoch = await Fill(stores);

        // The same write goes through while the epoch stands; else its refusal would say nothing.
        Assert.Null(await Record.ExceptionAsync(() => Writes[kind](stores, epoch)));
        await stores.Fence.Raise(Run, epoch);
        await IsRefusedWithoutATrace(stores, kind, epoch);
        await stores.Database.KeyDeleteAsync(stores.Keys.Fence(Run));
        await IsRefusedWithoutATrace(stores, kind, epoch);
    }

    internal static RoundReport Report(long round, double seconds = 0.25) => new(
        new RoundMetrics
        {
            Round = round,
            Attempt = 0,
            EnergyData = 0.5,
            EnergyNegatives = double.NaN,
            GradientNorm = 1,
            ParameterNorm = 2,
            Rate = 0.1,
        },
        64,
        seconds);

    private static async Task IsRefusedWithoutATrace(RedisStores stores, string kind, long epoch)
    {
        var before = await stores.Everything();
        var e = await Record.ExceptionAsync(() => Writes[kind](stores, epoch));
        Assert.True(e is StaleEpochException or StaleVerdict, $"{kind}: {e}");
        Assert.Equal(before, await stores.Everything());
    }

    /// <summary>Something of everything.</summary>
    private static async Task<long> Fill(RedisStores stores)
    {
        var epoch = await stores.Fence.Raise(Run, 1);
        await stores.Catalogue.Register(Run);
        await stores.Replay.Rewind(Shard, new RewindOrder(epoch, 0, 0), Fresh(), Bytes);
        await stores.Replay.Commit(Shard, Commit(epoch, 1, 3, checkpoint: true));
        foreach (var round in (long[])[1, 2, 3, 4])
        {
            await stores.Checkpoints.Write(Run, epoch, Sample(round, scheduled: round != 3));
        }

        await stores.Journal.AppendMetrics(Run, epoch, [Report(1), Report(2)]);
        await stores.Journal.AppendEvents(Run, epoch, [new RunEvent(1, RunEventKind.State, 0, "Running")]);
        await stores.Journal.WriteArtefact(Run, epoch, "curves.png", new byte[] { 1 });
        return epoch;
    }

    private static void Refused(WriteVerdict verdict)
    {
        if (verdict == WriteVerdict.StaleEpoch)
        {
            throw new StaleVerdict();
        }
    }

    private sealed class StaleVerdict : Exception;
}
