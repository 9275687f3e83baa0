using System.Globalization;
using Ebm.Core.Rounds;
using static Ebm.Grains.Tests.Stores.Redis.RedisStores;

namespace Ebm.Grains.Tests.Stores.Redis;

/// <summary>
/// Redis restarts with its log cut anywhere, as after a loss of power: its content was true at one time, a
/// checkpoint is there once one was, and every record is whole.
/// </summary>
public sealed class RedisLogCutTests
{
    [Fact]
    public async Task Restart_WithTheLogCutAnywhere_HasAnIntactCheckpointAndIntactRecords()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var history = await Live(redis);
        await redis.Database.ExecuteAsync("DEBUG", "LOADAOF");
        var log = await File.ReadAllBytesAsync(server.CommandLog, TestContext.Current.CancellationToken);
        var boundaries = RedisServer.Boundaries(log);
        Assert.InRange(boundaries.Count, 100, 2000);

        var hadOne = true;
        var states = new List<string>();

        // From long to short. Cut between transactions, the log is loaded in the running server, as at a start but
        // faster; cut within one or within a command it is a restart, where Redis drops what is not whole: of these
        // only some.
        var torn = 0;
        foreach (var (cut, within) in boundaries.Reverse().SelectMany(
            b => ((long, bool)[])[b, (b.End - 5, true)]).Where(c => c.Item1 >= 0))
        {
            if (within && ++torn % 40 != 0)
            {
                continue;
            }

            if (within)
            {
                server.Kill();
                server.CutLog(cut);
                await server.Restart();
            }
            else
            {
                server.CutLog(cut);
                await redis.Database.ExecuteAsync("DEBUG", "LOADAOF");
            }

            var at = string.Create(CultureInfo.InvariantCulture, $"cut at {cut}");

            List<string> refused = [];
            var latest = await redis.Checkpoints.Latest(Run, refused.Add);
            Assert.True(refused.Count == 0, $"{at}: {string.Join("; ", refused)}");
            Assert.True(hadOne || latest is null, $"{at}: a checkpoint that was not there later.");
            hadOne = latest is not null;
            foreach (var listed in await redis.Checkpoints.List(Run))
            {
                await redis.Checkpoints.Read(Run, listed.Round);
            }

            states.Add(await State(redis));
            Assert.True(history.Contains(states[^1]), $"{at}: a state that never was: {states[^1]}");
        }

        Assert.False(hadOne);

        // What was there at a longer cut comes before what is there at a shorter one: nothing is skipped.
        Assert.Equal(history.AsEnumerable().Reverse(), states.Distinct());
    }

    [Fact]
    public async Task Write_AfterTheLastSecondWasLost_IsRefusedToWhoHasAnOlderEpochAndTakenFromTheNewest()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var old = await redis.Fence.Raise(Run, 1);
        await redis.Replay.Rewind(Shard, new RewindOrder(old, 0, 0), Fresh(), Bytes);
        await redis.Replay.Commit(Shard, Commit(old, 1, 1));
        await redis.Checkpoints.Write(Run, old, Sample(1));
        await redis.Database.ExecuteAsync("DEBUG", "LOADAOF");
        var kept = new FileInfo(server.CommandLog).Length;
        await redis.Replay.Commit(Shard, Commit(old, 2, 1));
        await redis.Checkpoints.Write(Run, old, Sample(2));
        var newest = await redis.Fence.Raise(Run, old);
        await redis.Database.ExecuteAsync("DEBUG", "LOADAOF");
        server.Kill();
        server.CutLog(kept);
        await server.Restart();

        // The shard is a round back, and says so to a server that believes it further on.
        Assert.Equal(WriteVerdict.OutOfOrder, await redis.Replay.Commit(Shard, Commit(old, 3, 1)));
        Assert.Equal(1, (await redis.Checkpoints.Latest(Run, _ => { }))!.Round);
        Assert.Equal(
            WriteVerdict.Accepted, await redis.Replay.Rewind(Shard, new RewindOrder(newest, 0, 1), Fresh(), Bytes));
        Assert.Equal(WriteVerdict.StaleEpoch, await redis.Replay.Commit(Shard, Commit(old, 2, 1)));
        Assert.True(await redis.Fence.Raise(Run, old) > newest);
    }

    /// <summary>Some life of a run; all states that its shard and its checkpoints were in.</summary>
    private static async Task<List<string>> Live(RedisStores redis)
    {
        var history = new List<string> { await State(redis) };
        async Task Step(Func<Task> act)
        {
            await act();
            var state = await State(redis);
            if (state != history[^1])
            {
                history.Add(state);
            }
        }

        var epoch = await redis.Fence.Raise(Run, 1);
        await Step(() => redis.Replay.Rewind(Shard, new RewindOrder(epoch, 0, 0), Fresh(), Bytes));
        for (var round = 1; round <= 8; round++)
        {
            var (commit, now) = (Commit(epoch, round, round + 2, checkpoint: round % 2 == 0), round);
            await Step(() => redis.Replay.Commit(Shard, commit));
            if (commit.Order.Checkpoint)
            {
                await Step(() => redis.Checkpoints.Write(Run, epoch, Sample(now)));
                await Step(() => redis.Replay.DropCopy(Shard, epoch, 0, now));
                await Step(() => redis.Checkpoints.Prune(Run, epoch, 2, RedisStores.Points));
            }
        }

        // Another state in the place of the newest, as after a change of hardware.
        await Step(() => redis.Checkpoints.Write(Run, epoch, Sample(8, salt: 9)));
        var next = await redis.Fence.Raise(Run, epoch);
        await Step(() => redis.Replay.Commit(Shard, Commit(epoch, 9, 1)));
        await Step(() => redis.Replay.Rewind(Shard, new RewindOrder(next, 0, 8), Fresh(9), Bytes));
        return history;
    }

    private static async Task<string> State(RedisStores redis)
    {
        var record = await redis.Replay.Read(Shard);
        var copies = new List<string>();
        for (var round = 1; round <= 9; round++)
        {
            if (await redis.Replay.ReadCopy(Shard, 0, round) is { } copy)
            {
                copies.Add($"{round}:{Convert.ToHexString(copy)}");
            }
        }

        var checkpoints = (await redis.Checkpoints.List(Run)).Select(m => $"{m.Round}:{m.StateSha256[..6]}");
        return $"{record?.Position} {Convert.ToHexString(record?.Slots ?? [])} "
            + $"[{string.Join(' ', copies)}] [{string.Join(' ', checkpoints)}]";
    }
}
