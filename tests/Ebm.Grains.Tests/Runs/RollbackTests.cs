using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Recovery;
using Ebm.Core.Spec;
using Ebm.Grains.Faults;
using Ebm.Grains.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Tests.Runs;

/// <summary>
/// A run that diverges rolls back and succeeds, with the same bits after any disturbance. The fault is a batch
/// that is scaled in one round of the first attempt.
/// </summary>
public sealed class RollbackTests : IDisposable
{
    private const int FaultyRound = 50;

    // After the checkpoint of round 30 and before the fault.
    private const int HeldAt = 40;

    // Points to go back to are the rounds 15, 30, 45 and so on; ten rounds prove one healthy.
    private static readonly RunSpec Spec = Specs.Long with
    {
        Recovery = new RecoverySpec { Window = 5 },
        Learning = Specs.Long.Learning with { Rounds = 80, Lag = 1 },
    };

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Submit_WithAFaultyBatch_RollsBackAndEndsAsOnOneLaneAndOnThreeSilos()
    {
        var one = await Reference();
        Assert.Equal([new(1, 30, one.Rollbacks[0].Violation, one.Rollbacks[0].Reinitialised)], one.Rollbacks);
        var violation = one.Rollbacks[0].Violation;
        Assert.Equal((FaultyRound, ViolationKind.Spike), (violation.Round, violation.Kind));
        Assert.Equal(1, one.Attempt);

        await using var silo = await StartFaulty(lanes: 3);
        Assert.Equal(one.Hashes(), (await silo.Run("a").Complete(Spec)).Hashes());
        await using var cluster = await Cluster();
        var ended = await cluster.Run("a").Complete(Spec);
        Assert.Equal(one.Hashes(), ended.Hashes());
        Assert.Equal(one.Rollbacks, ended.Rollbacks);
        Assert.Contains(cluster.Files(), f => f.Contains("attempt-1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Submit_WithAFaultyBatch_ReportsItAndHasEachRoundOnceInTheMetrics()
    {
        await using var silo = await StartFaulty();
        await silo.Run("a").Complete(Spec);
        var rounds = File.ReadLines(Path.Combine(_home.Path, "a", "metrics.jsonl")).Select(MetricsJson.Read).ToArray();
        Assert.Equal(Enumerable.Range(1, 80).Select(r => (long)r), rounds.Select(r => r.Figures.Round));
        Assert.Equal([(0, 30), (1, 50)], rounds.CountBy(r => r.Figures.Attempt).Select(g => (g.Key, g.Value)));
        var events = (await silo.Run("a").Events(0, TestContext.Current.CancellationToken)).Events;
        var told = Assert.Single(events, e => e.Kind == RunEventKind.Rollback);
        Assert.Equal(30, told.Round);
        Assert.StartsWith("diverged at round 50: the gradient's norm", told.Text, StringComparison.Ordinal);
        Assert.Equal(
            new RewindCause { Reason = RewindReason.Divergence, Round = 50 },
            Assert.Single(events, e => e.Kind == RunEventKind.Rewound).Rewind);
    }

    [Theory]
    [InlineData(nameof(FaultPoint.BeforeRollback))]
    [InlineData(nameof(FaultPoint.AfterRollback))]
    [InlineData(nameof(FaultPoint.InRewind))]
    public async Task Kill_OfTheServersSiloAroundTheRollback_EndsWithTheSameHashes(string name)
    {
        var point = Enum.Parse<FaultPoint>(name);
        var expected = (await Reference()).Hashes();
        await using var cluster = await Cluster();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hang = new ManualResetEventSlim();
        foreach (var faults in cluster.Silos.Select(s => s.GetRequiredService<FaultPoints>()))
        {
            faults.Arm(FaultPoint.BeforeRollback, (_, _) =>
            {
                foreach (var other in point == FaultPoint.BeforeRollback
                    ? []
                    : cluster.Silos.Select(s => s.GetRequiredService<FaultPoints>()))
                {
                    other.Arm(point, (_, _) => Reach());
                }

                if (point == FaultPoint.BeforeRollback)
                {
                    Reach();
                }
            });
        }

        void Reach()
        {
            // The silo gets no further than this before it is gone.
            reached.TrySetResult();
            hang.Wait(TestContext.Current.CancellationToken);
        }

        await cluster.Run("a").Submit(RunCalls.Submission(Spec));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var killed = cluster.KillSiloOf(cluster.Grains.GetGrain<IParameterServerGrain>("a"));
        hang.Set();
        await killed;
        Assert.Equal(expected, (await cluster.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Submit_WhereTheRollbackPointIsTorn_RecomputesItAndEndsWithTheSameHashes()
    {
        var expected = (await Reference()).Hashes();
        await using var silo = await StartFaulty();
        using var round = new HeldRound(silo, HeldAt);
        await silo.Run("a").Submit(RunCalls.Submission(Spec));
        await round.Reached;
        File.WriteAllText(Path.Combine(_home.Path, "a", "checkpoints", "00000030", "parameters.safetensors"), "torn");
        round.Release();

        var ended = await silo.Run("a").End();

        Assert.Equal(expected, ended.Hashes());
        Assert.True(ended.Servers > 2, "The run did not have to go back twice.");
    }

    /// <summary>
    /// A checkpoint that a stop made is no place to go back to: with it or without, the end is the same.
    /// </summary>
    [Fact]
    public async Task Stop_BetweenTheCheckpointAndTheDivergence_EndsWithTheSameHashes()
    {
        var expected = (await Reference()).Hashes();
        await using var silo = await StartFaulty();
        using var round = new HeldRound(silo, HeldAt);
        await silo.Run("a").Submit(RunCalls.Submission(Spec));
        await round.Reached;
        await silo.Run("a").Stop();
        round.Release();
        var stopped = await silo.Run("a").End();
        Assert.InRange(stopped.Result!.Round, HeldAt, FaultyRound - 1);
        await silo.Run("a").Resume(false);
        Assert.Equal(expected, (await silo.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Submit_ThatDivergesInEveryAttempt_FailsAndNamesTheAttempts()
    {
        await using var silo = await Embedded.Start(_home.Path);
        silo.Services.GetRequiredService<FaultPoints>().CorruptBatch = (_, _, round) =>
            round == FaultyRound ? rows => rows.mul_(1000) : null;
        var failed = await silo.Run("a").Complete(Spec with { Recovery = Spec.Recovery with { MaxRollbacks = 2 } });
        Assert.Equal((RunState.Failed, 2), (failed.State, failed.Rollbacks.Count));
        Assert.Matches(
            "^Round 50: .* 2 rollbacks were tried: diverged at round 50: .* Back to round 30 as attempt 1",
            failed.Reason);
    }

    [Fact]
    public async Task Submit_ThatIsToStopOnADivergence_FailsThereAndKeepsTheCheckpointsBefore()
    {
        await using var silo = await StartFaulty();
        var failed = await silo.Run("a")
            .Complete(Spec with { Recovery = Spec.Recovery with { OnDivergence = OnDivergence.Stop } });
        Assert.Equal(RunState.Failed, failed.State);
        Assert.EndsWith("recovery.onDivergence is stop: the run ends here.", failed.Reason, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_home.Path, "a", "checkpoints", "00000045")));
    }

    private static Action<TorchSharp.torch.Tensor>? Fault(int attempt, long round) =>
        (attempt, round) == (0, FaultyRound) ? rows => rows.mul_(1000) : null;

    private static async Task<RunStatus> Reference()
    {
        using var home = new TempHome();
        await using var silo = await Embedded.Start(home.Path, lanes: 1);
        silo.Services.GetRequiredService<FaultPoints>().CorruptBatch = (_, attempt, round) => Fault(attempt, round);
        return await silo.Run("a").Complete(Spec);
    }

    private async Task<Embedded> StartFaulty(int lanes = 2)
    {
        var silo = await Embedded.Start(_home.Path, lanes);
        silo.Services.GetRequiredService<FaultPoints>().CorruptBatch = (_, attempt, round) => Fault(attempt, round);
        return silo;
    }

    private static async Task<TestCluster> Cluster()
    {
        var cluster = await TestCluster.Start(3);
        foreach (var faults in cluster.Silos.Select(s => s.GetRequiredService<FaultPoints>()))
        {
            faults.CorruptBatch = (_, attempt, round) => Fault(attempt, round);
        }

        return cluster;
    }
}
