using Ebm.Contracts.Cluster;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Spec;
using Ebm.Grains.Tests.Runs;

namespace Ebm.Grains.Tests.Placement;

public sealed class PlacementTests
{
    private static readonly RunSpec Slow = Specs.Long with { Learning = Specs.Long.Learning with { Rounds = 400 } };

    [Fact]
    public async Task Submit_ForADeviceThatNoSiloHas_WaitsUntilOneJoins()
    {
        await using var cluster = await TestCluster.Start(1);
        var expected = (await cluster.Run("cpu").Complete(Specs.Mlp)).Result!.ParametersSha256;
        var run = cluster.Run("a");
        var waiting = await run.Submit(RunCalls.Submission(Specs.Mlp with { Device = DeviceKind.Cuda }));
        Assert.Equal((RunState.Pending, "no cuda device"), (waiting.State, waiting.Waiting));

        // What it computes with is the same here; only its silo says otherwise.
        await cluster.AddSilo(labels => labels with { Device = "cuda" });
        var ended = await run.End();
        Assert.Equal((RunState.Succeeded, expected), (ended.State, ended.Result?.ParametersSha256));
        var said = (await run.Events(0, TestContext.Current.CancellationToken)).Events.Where(
            e => e.Wait is not null);
        var cause = new WaitCause(WaitReason.Silo, "no cuda device");
        Assert.Equal(
            [(RunEventKind.Waiting, cause), (RunEventKind.Resumed, cause)], said.Select(e => (e.Kind, e.Wait!)));
    }

    [Fact]
    public async Task Stop_WhileItWaits_StopsAtOnce()
    {
        await using var cluster = await TestCluster.Start(1);
        var run = cluster.Run("a");
        await run.Submit(RunCalls.Submission(Specs.Mlp with { Device = DeviceKind.Cuda }));
        await run.Stop();
        Assert.Equal(RunState.Stopped, (await run.Status())!.State);
    }

    [Fact]
    public async Task Join_MidRun_TakesItsShareOfTheShardsAndChangesNoBit()
    {
        await using var cluster = await TestCluster.Start(1);
        var expected = (await cluster.Run("alone").Complete(Slow)).Hashes();
        await cluster.Run("a").Submit(RunCalls.Submission(Slow));
        await cluster.Run("a").Until(s => s.Round >= 10);
        await cluster.AddSilo();

        IReadOnlyList<SiloInfo> silos;
        do
        {
            // 3 shards over 2 silos of a lane each.
            silos = await cluster.Grains.GetGrain<IClusterGrain>(0).Silos();
            Assert.True((await cluster.Run("a").Status())!.IsUnfinished, "The run ended before a shard moved.");
        }
        while (silos.Count < 2 || silos.Any(s => s.Shards == 0));

        Assert.Equal(expected, (await cluster.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Stop_OfTheServersSilo_HandsOverWithoutLosingARound()
    {
        await using var cluster = await TestCluster.Start(2);
        var expected = (await cluster.Run("alone").Complete(Slow)).Hashes();
        await cluster.Run("a").Submit(
            RunCalls.Submission(Slow with { Output = Slow.Output with { CheckpointEvery = 0 } }));
        var before = await cluster.Run("a").Until(s => s.Round >= 20);
        await cluster.StopSiloOf(cluster.Grains.GetGrain<IParameterServerGrain>("a"));
        var ended = await cluster.Run("a").End();

        Assert.Equal(expected.Item2, ended.Hashes().Item2);
        Assert.Equal(2, ended.Servers);

        // Without a checkpoint of its own, the run would have begun again at round 1.
        var events = (await cluster.Run("a").Events(0, TestContext.Current.CancellationToken)).Events;
        var rounds = events
            .Where(e => e.Kind == RunEventKind.Round && e.Epoch == ended.Epoch).Select(e => e.Round).ToArray();

        // If the run's grain was on the same silo, its next activation finds no server and records that, too.
        Assert.Equal(
            RewindReason.Handover, events.First(e => e.Kind == RunEventKind.Rewound).Rewind!.Reason);
        Assert.NotEmpty(rounds);
        Assert.InRange(rounds.Min(), before.Round + 1, 400);
    }
}
