using Ebm.Contracts.Chains;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Chaos;

/// <summary>Whether an invariant held.</summary>
internal sealed record Verdict(string Invariant, bool Held, string Text);

/// <summary>Holds a chaos run against the invariants of docs/ARCHITECTURE.md.</summary>
internal static class Verdicts
{
    /// <summary>One for each, and one for the faults themselves.</summary>
    public static IReadOnlyList<Verdict> Of(ChaosResult r) =>
    [
        Faults(r), Specs(r), Rounds(r), Versions(r), Writers(r), Bits(r), Survival(r), Store(r), Checkpoints(r),
        Input(r),
    ];

    private static Verdict Faults(ChaosResult r)
    {
        var stuck = r.Faults.Count(f => f.Stalled is null);
        return new Verdict(
            "faults", r.Faults.Count == r.Options.Kills && stuck == 0,
            $"{r.Faults.Count} of {r.Options.Kills} faults came, {r.Faults.Count(f => f.WasServer)} of them to the "
                + $"parameter server's silo; {stuck} without a later round");
    }

    private static Verdict Specs(ChaosResult r)
    {
        var others = r.Runs.Count(d => d.Again.SpecDigest != d.Ended.SpecDigest || d.Again.Servers != d.Ended.Servers
            || d.Again.Result?.StateSha256 != d.Ended.Result?.StateSha256);
        return new Verdict(
            "I1", others == 0 && r.Small.Lost.Count == 0,
            $"{r.Small.Lost.Count} of {r.Small.Submitted} specs that were submitted among the faults were lost; "
                + $"submitted again, {others} of {r.Runs.Count} runs are others"
            + string.Concat(r.Small.Lost.Select(l => $"; {l}")));
    }

    private static Verdict Rounds(ChaosResult r)
    {
        var every = r.Options.Spec.Output.MetricsEvery;
        bool Once(DisturbedRun d) => d.Metrics.Select(m => m.Figures.Round).SequenceEqual(
            Enumerable.Range(1, (int)d.Ended.Rounds).Select(i => (long)i)
                .Where(i => i % every == 0 || i == d.Ended.Rounds));
        var wrong = r.Runs.Count(d => !Once(d));
        return new Verdict(
            "I2", wrong == 0,
            $"{r.Runs.Sum(d => d.Metrics.Count)} rounds in the metrics; in {wrong} of {r.Runs.Count} runs "
            + "not each once and in order");
    }

    private static Verdict Versions(ChaosResult r)
    {
        // A server that gets negatives of another version than it named ends its epoch for that reason.
        var wrong = r.Runs.Sum(d => d.Events.Count(e => e.Rewind is { Outcome: AdvanceOutcome.Done }));
        return new Verdict("I3", wrong == 0, $"{wrong} answers with negatives of another version than the order named");
    }

    private static Verdict Writers(ChaosResult r)
    {
        static long[] Epochs(DisturbedRun d) =>
            [.. d.Events.Where(e => e.Epoch > 0).OrderBy(e => e.Number).Select(e => e.Epoch)];
        var torn = r.Runs.Select(Epochs).Count(epochs => epochs.Zip(epochs.Skip(1)).Any(p => p.First > p.Second));
        return new Verdict(
            "I4", torn == 0,
            $"{r.Runs.Sum(d => Epochs(d).Distinct().Count())} epochs; in {torn} of {r.Runs.Count} runs an older one "
            + "has written after a younger one");
    }

    private static Verdict Bits(ChaosResult r)
    {
        var other = r.Runs.Count(d => d.Ended.Result?.ParametersSha256 != r.Calm.Result!.ParametersSha256
            || d.Ended.Result?.StateSha256 != r.Calm.Result.StateSha256);
        return new Verdict(
            "I5", other == 0,
            $"{r.Runs.Count - other} of {r.Runs.Count} runs have both SHA-256 of the undisturbed one");
    }

    private static Verdict Survival(ChaosResult r)
    {
        var failed = r.Runs.Where(d => d.Ended.State != RunState.Succeeded).ToArray();
        return new Verdict(
            "I6", failed.Length == 0,
            $"{failed.Length} of {r.Runs.Count} runs failed"
            + string.Concat(failed.Select(d => $"; {d.Ended.Reason}")));
    }

    private static Verdict Store(ChaosResult r)
    {
        // A Redis that is back within a second need not be noticed.
        var away = r.Faults.Count(f => f.Plan.Kind is FaultKind.RedisAway or FaultKind.RedisPause);
        var said = r.Runs.Sum(d => d.Events.Count(
            e => e is { Kind: RunEventKind.Waiting, Wait.Reason: WaitReason.Store }));
        return new Verdict(
            "I7", away == 0 || said > 0,
            $"Redis was away {away} times for long; the runs said {said} times that they wait for it, and went on");
    }

    private static Verdict Checkpoints(ChaosResult r)
    {
        var wrong = r.Runs.Count(d => d.Details.Checkpoints is not [var newest, ..]
            || newest.StateSha256 != d.Ended.Result?.StateSha256);
        return new Verdict(
            "I8", wrong == 0,
            $"{wrong} of {r.Runs.Count} runs without their last checkpoint; servers took over "
                + $"{r.Runs.Sum(d => d.Ended.Servers - 1)} times, {r.Repeated} rounds were computed again");
    }

    private static Verdict Input(ChaosResult r) => new(
        "I9", r.Strangers.Count == 0,
        $"{r.Faults.Count} broken specs among the faults, {r.Strangers.Count} of them left a run");
}
