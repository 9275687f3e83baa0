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
        Faults(r), Specs(r), Rounds(r), Versions(r), Writers(r), Bits(r), Survival(r), Store(r), Checkpoints(r), Input(r),
    ];

    private static Verdict Faults(ChaosResult r)
    {
        var stuck = r.Faults.Count(f => f.Stalled is null);
        return new Verdict(
            "faults", r.Faults.Count == r.Options.Kills && stuck == 0,
            $"{r.Faults.Count} of {r.Options.Kills} faults came, {r.Faults.Count(f => f.WasServer)} of them to the parameter server's silo; {stuck} without a later round");
    }

    private static Verdict Specs(ChaosResult r)
    {
        var same = r.Again.SpecDigest == r.Ended.SpecDigest && r.Again.Servers == r.Ended.Servers && r.Again.Result?.StateSha256 == r.Ended.Result?.StateSha256;
        return new Verdict(
            "I1", same && r.Small.Lost.Count == 0,
            $"{r.Small.Lost.Count} of {r.Small.Submitted} specs that were submitted among the faults were lost; submitted again, the run is {(same ? "the same" : "another")}"
            + string.Concat(r.Small.Lost.Select(l => $"; {l}")));
    }

    private static Verdict Rounds(ChaosResult r)
    {
        var every = r.Options.Spec.Output.MetricsEvery;
        var rounds = r.Metrics.Select(m => m.Figures.Round).ToArray();
        var expected = Enumerable.Range(1, (int)r.Ended.Rounds).Select(i => (long)i).Where(i => i % every == 0 || i == r.Ended.Rounds);
        var once = rounds.SequenceEqual(expected);
        return new Verdict("I2", once, $"{rounds.Length} rounds in the metrics, {(once ? "each once and in order" : "not each once and in order")}");
    }

    private static Verdict Versions(ChaosResult r)
    {
        // A server that gets negatives of another version than it named ends its epoch and says so.
        var wrong = r.Events.Count(e => e.Text?.Contains("(Done)", StringComparison.Ordinal) == true);
        return new Verdict("I3", wrong == 0, $"{wrong} answers with negatives of another version than the order named");
    }

    private static Verdict Writers(ChaosResult r)
    {
        var epochs = r.Events.Where(e => e.Epoch > 0).OrderBy(e => e.Number).Select(e => e.Epoch).ToArray();
        var grows = epochs.Zip(epochs.Skip(1)).All(p => p.First <= p.Second);
        return new Verdict(
            "I4", grows, $"{epochs.Distinct().Count()} epochs; {(grows ? "nothing of an older one after a younger one's first event" : "an older one has written after a younger one")}");
    }

    private static Verdict Bits(ChaosResult r)
    {
        var (a, b) = (r.Calm.Result, r.Ended.Result);
        var same = b is not null && a!.ParametersSha256 == b.ParametersSha256 && a.StateSha256 == b.StateSha256;
        return new Verdict("I5", same, same ? "both SHA-256 are the undisturbed run's" : "the SHA-256 are not the undisturbed run's");
    }

    private static Verdict Survival(ChaosResult r) => new(
        "I6", r.Ended.State == RunState.Succeeded,
        $"the run {r.Ended.State.ToString().ToLowerInvariant()}{(r.Ended.Reason is { } reason ? ": " + reason : "")}");

    private static Verdict Store(ChaosResult r)
    {
        // A Redis that is back within a second need not be noticed.
        var away = r.Faults.Count(f => f.Plan.Kind is FaultKind.RedisAway or FaultKind.RedisPause);
        var said = r.Events.Count(e => e.Text?.StartsWith("waiting: Redis", StringComparison.Ordinal) == true);
        return new Verdict("I7", away == 0 || said > 0, $"Redis was away {away} times for long; the run said {said} times that it waits for it, and went on");
    }

    private static Verdict Checkpoints(ChaosResult r)
    {
        var last = r.Details.Checkpoints is [var newest, ..] ? newest : null;
        return new Verdict(
            "I8", last?.StateSha256 == r.Ended.Result?.StateSha256,
            $"{r.Details.Checkpoints.Count} whole checkpoints, the newest of round {last?.Round}; {r.Ended.Servers - 1} times a server took over, {r.Ended.Repeated} rounds were computed again");
    }

    private static Verdict Input(ChaosResult r) => new(
        "I9", r.Strangers.Count == 0, $"{r.Faults.Count} broken specs among the faults, {r.Strangers.Count} of them left a run");
}
