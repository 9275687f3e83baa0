using Ebm.Client.Chaos;
using Ebm.Client.Local;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Core.Diagnostics;
using Ebm.Core.Spec;

namespace Ebm.Client.Tests.Chaos;

/// <summary>A chaos run in which every invariant held.</summary>
internal static class ChaosResults
{
    public const int Rounds = 6;

    private static readonly RunSpec Spec = SpecFile.Parse(
        """
        name: plane
        data: {kind: toy, density: two-moons}
        energy: {kind: mlp, hidden: [8, 8]}
        sampler: {kind: langevin}
        learning: {rounds: 6}
        """, "spec.yaml", []);

    public static ChaosResult AllHeld { get; } = new()
    {
        Options = new ChaosOptions(Spec, 1, 1, [], false, new LocalClusterOptions()),
        Calm = Status("undisturbed"),
        CalmSeconds = 10,
        Runs = [Run()],
        Faults = [Fault(FaultKind.RedisAway)],
        Small = new SmallRunsResult(1, []),
        Strangers = [],
    };

    /// <summary>The same with another run under faults.</summary>
    public static ChaosResult With(Func<DisturbedRun, DisturbedRun> change) =>
        AllHeld with { Runs = [change(AllHeld.Runs[0])] };

    /// <summary>The same with a further event.</summary>
    public static ChaosResult With(RunEvent e) => With(run => run with { Events = [.. run.Events, e] });

    public static InjectedFault Fault(FaultKind kind, double? stalled = 1) =>
        new(new PlannedFault(1, kind, null, 1, 0), "silo-1", 1, 3, stalled, false, null);

    public static RoundReport Metrics(long round) => new(
        new RoundMetrics
        {
            Round = round, Attempt = 0, EnergyData = 0, EnergyNegatives = 0, GradientNorm = 1, ParameterNorm = 1,
            Rate = 0.1,
        }, 64, 0.1);

    private static DisturbedRun Run() => new(
        Status("disturbed-1"), 20,
        [
            new RunEvent(1, RunEventKind.State, 0, Epoch: 1) { State = RunState.Running },
            new RunEvent(2, RunEventKind.Waiting, 3, Epoch: 1)
            {
                Wait = new WaitCause(WaitReason.Store, "Redis does not answer"),
            },
            new RunEvent(3, RunEventKind.State, 6, Epoch: 2) { State = RunState.Succeeded },
        ],
        [.. Enumerable.Range(1, Rounds).Select(round => Metrics(round))], Status("disturbed-1"),
        new RunDetails(
            [new CheckpointInfo(0, Rounds, true, "parameters", "state", 1, "cpu")], new RunStorage("redis", 1, [])));

    private static RunStatus Status(string id) => new()
    {
        Id = id,
        State = RunState.Succeeded,
        SpecDigest = "digest",
        Round = Rounds,
        Rounds = Rounds,
        Servers = 2,
        Result = new RunResult { Round = Rounds, ParametersSha256 = "parameters", StateSha256 = "state" },
    };
}
