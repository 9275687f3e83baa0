using Ebm.Client.Chaos;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using static Ebm.Client.Tests.Chaos.ChaosResults;

namespace Ebm.Client.Tests.Chaos;

/// <summary>Each verdict holds for a good result, and fails alone for one that breaks its invariant.</summary>
public sealed class VerdictsTests
{
    private static readonly Dictionary<string, (string Invariant, ChaosResult Result)> Broken = new()
    {
        ["a fault is missing"] = ("faults", AllHeld with { Options = AllHeld.Options with { Kills = 2 } }),
        ["no round came after a fault"] =
            ("faults", AllHeld with { Faults = [Fault(FaultKind.RedisAway, stalled: null)] }),
        ["a submitted run was lost"] = ("I1", AllHeld with { Small = new SmallRunsResult(1, ["small-4: Failed"]) }),
        ["a second submit changed the spec"] = ("I1", With(r => r with { Again = r.Again with { SpecDigest = "no" } })),
        ["a second submit started a server"] = ("I1", With(r => r with { Again = r.Again with { Servers = 3 } })),
        ["a second submit changed the result"] = ("I1", With(r => r with { Again = r.Again with { Result = null } })),
        ["a round is missing"] = ("I2", With(r => r with { Metrics = [.. r.Metrics.Skip(1)] })),
        ["a round is there twice"] = ("I2", With(r => r with { Metrics = [.. r.Metrics, Metrics(Rounds)] })),
        ["negatives were of another version"] = ("I3", With(Rewound(AdvanceOutcome.Done))),
        ["an older epoch wrote after a later one"] =
            ("I4", With(new RunEvent(4, RunEventKind.Checkpoint, 6, Epoch: 1) { StateSha256 = "state" })),
        ["the parameters differ"] = ("I5", AllHeld with
        {
            Calm = AllHeld.Calm with { Result = AllHeld.Calm.Result! with { ParametersSha256 = "other" } },
        }),
        ["the state differs"] = ("I5", AllHeld with
        {
            Calm = AllHeld.Calm with { Result = AllHeld.Calm.Result! with { StateSha256 = "other" } },
        }),
        ["a run failed"] = ("I6", With(r => r with { Ended = r.Ended with { State = RunState.Failed } })),
        ["no run waited for Redis"] = ("I7", With(r => r with
        {
            Events = [.. r.Events.Where(e => e.Kind != RunEventKind.Waiting)],
        })),
        ["a run waited for a silo only"] = ("I7", With(r => r with
        {
            Events = [.. r.Events.Select(e => e.Wait is null ? e : e with
            {
                Wait = new WaitCause(WaitReason.Silo, "no cuda device"),
            })],
        })),
        ["there is no checkpoint"] = ("I8", With(r => r with { Details = r.Details with { Checkpoints = [] } })),
        ["the last checkpoint has another state"] = ("I8", With(r => r with
        {
            Details = r.Details with { Checkpoints = [r.Details.Checkpoints[0] with { StateSha256 = "other" }] },
        })),
        ["a broken spec left a run"] = ("I9", AllHeld with { Strangers = ["broken-1"] }),
    };

    private static readonly Dictionary<string, ChaosResult> Harmless = new()
    {
        ["nothing happened"] = AllHeld,
        ["a shard had a gap"] = With(Rewound(AdvanceOutcome.Gap)),
        ["a text mentions Done"] = With(new RunEvent(4, RunEventKind.Notice, 6, "shard 1 is at round 5 (Done)")),
        ["Redis was back at once"] = With(r => r with { Events = [] }) with
        {
            Faults = [Fault(FaultKind.RedisRestart)],
        },
    };

    public static TheoryData<string> BrokenNames => [.. Broken.Keys];

    public static TheoryData<string> HarmlessNames => [.. Harmless.Keys];

    [Theory]
    [MemberData(nameof(BrokenNames))]
    public void Of_ABrokenInvariant_FailsThatVerdictAlone(string name) => Assert.Equal(
        Broken[name].Invariant, Assert.Single(Verdicts.Of(Broken[name].Result), v => !v.Held).Invariant);

    [Theory]
    [MemberData(nameof(HarmlessNames))]
    public void Of_HarmlessEvents_HoldsEveryVerdict(string name) =>
        Assert.All(Verdicts.Of(Harmless[name]), verdict => Assert.True(verdict.Held, verdict.Text));

    [Fact]
    public void Of_AnyResult_CoversFaultsAndAllInvariants()
    {
        var names = Verdicts.Of(AllHeld).Select(v => v.Invariant).ToArray();

        Assert.Equal(["faults", .. Enumerable.Range(1, 9).Select(i => $"I{i}")], names);
        Assert.Equal(names.Order(StringComparer.Ordinal), Broken.Values.Select(b => b.Invariant).Distinct()
            .Order(StringComparer.Ordinal));
    }

    private static RunEvent Rewound(AdvanceOutcome outcome) => new(4, RunEventKind.Rewound, 6, Epoch: 2)
    {
        Rewind = new RewindCause
        {
            Reason = RewindReason.ShardOutOfStep, Shard = 1, Round = 6, Got = 5, Outcome = outcome,
        },
    };
}
