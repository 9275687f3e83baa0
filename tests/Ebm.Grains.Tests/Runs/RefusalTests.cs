using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ebm.Configuration.Reading;
using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Rounds;

namespace Ebm.Grains.Tests.Runs;

/// <summary>
/// Messages that no part of the system sends: refused by type, counted by reason, and without effect.
/// </summary>
public sealed class RefusalTests : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counted = new();

    public RefusalTests()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "ebm.calls.refused")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            _counted.AddOrUpdate((string)tags[0].Value!, count, (_, before) => before + count));
        _listener.Start();
    }

    [Fact]
    public async Task Call_ThatCannotBeMeant_IsRefusedByTypeAndCounted()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await TestCluster.Start(2);
        var ended = await cluster.Run("a").Complete(Specs.Mlp);
        var shard = cluster.Grains.GetGrain<IChainGrain>(new ShardKey("a", 0).ToString());

        foreach (var order in new AdvanceOrder[] { new(0, 0, 1, 0), new(9, -1, 1, 0), new(9, 0, 0, 0), new(9, 0, 1, 1),
            new(9, 0, 1, -1) })
        {
            await Assert.ThrowsAsync<MalformedMessageException>(() => shard.Advance(order, cancel));
        }

        await Assert.ThrowsAsync<MalformedMessageException>(() => shard.Rewind(new RewindOrder(0, 0, 0)));
        await Assert.ThrowsAsync<MalformedMessageException>(() => cluster.Run("a").Artefact("curves.png", 99));
        await Assert.ThrowsAsync<UnknownRunException>(() =>
            cluster.Grains.GetGrain<IChainGrain>(new ShardKey("b", 0).ToString())
                .Advance(new AdvanceOrder(1, 0, 1, 0), cancel));
        await Assert.ThrowsAsync<UnknownRunException>(() => cluster.Run("b").Stop());
        await Assert.ThrowsAsync<MessageTooLargeException>(() =>
            cluster.Run("c").Submit(new RunSubmission(new string(' ', SpecFile.LongestFile + 1), "00")));
        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Grains.GetGrain<IChainGrain>("nonsense")
            .Rewind(new RewindOrder(1, 0, 0)));

        Assert.Equal(7, _counted["malformed"]);
        Assert.Equal(2, _counted["unknown_run"]);
        Assert.Equal(1, _counted["too_large"]);
        Assert.Null(await cluster.Run("b").Status());
        Assert.Null(await cluster.Run("c").Status());
        Assert.Equal(ended.Hashes(), (await cluster.Run("a").Status())!.Hashes());
    }

    [Fact]
    public async Task Call_OfAnOlderEpoch_IsRefusedAndCounted()
    {
        await using var cluster = await TestCluster.Start(1);
        var run = cluster.Run("a");
        await run.Submit(RunCalls.Submission(Specs.Long));
        await run.Until(s => s.Round >= 5);
        await run.Stop();
        var stopped = await run.End();
        var resumed = await run.Resume(false);
        await run.Until(s => s.Round > stopped.Round);

        var shard = cluster.Grains.GetGrain<IChainGrain>(new ShardKey("a", 0).ToString());
        var reply = await shard.Advance(
            new AdvanceOrder(resumed.Epoch - 1, 0, 3, 2), TestContext.Current.CancellationToken);
        Assert.Equal((AdvanceOutcome.StaleEpoch, resumed.Epoch), (reply.Outcome, reply.Epoch));
        Assert.False((await shard.Rewind(new RewindOrder(resumed.Epoch - 1, 0, 0))).Accepted);
        Assert.False(await run.Report(new ServerReport { Epoch = resumed.Epoch - 1, Ended = RunState.Failed }));
        Assert.Equal(2, _counted["stale_epoch"]);
        await run.End();
    }

    [Fact]
    public async Task Submit_OfAThousandBrokenSpecs_LeavesNoTrace()
    {
        await using var cluster = await TestCluster.Start(1);
        var good = RunCalls.Submission(Specs.Mlp);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => Assert.ThrowsAnyAsync<InputException>(() =>
            cluster.Run($"broken-{i}").Submit(good with { SpecJson = good.SpecJson[..(i % good.SpecJson.Length)] }))));
        Assert.Empty(cluster.Files());
    }

    public void Dispose() => _listener.Dispose();
}
