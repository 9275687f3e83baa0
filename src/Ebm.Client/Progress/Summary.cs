using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.RunFolders;

namespace Ebm.Client.Progress;

/// <summary>A run's beginning, its events and its end in words, for the views that people read.</summary>
internal static class Summary
{
    /// <summary>What is said at the first Ctrl-C.</summary>
    public const string StoppingText =
        "stopping at the next round boundary, with a checkpoint; Ctrl-C again quits at once";

    /// <summary>That a cluster has the run, and its progress.</summary>
    public static string Accepted(RunStatus status, RunLocation place) =>
        $"run {status.Id} in the cluster {place.Name}: {StateName(status.State)}";

    /// <summary>That a run continues in the background, and how to follow it again.</summary>
    public static string Detached(RunStatus status, RunLocation place) =>
        $"{status.Id} goes on in the cluster. To come back: ./ebm watch {status.Id}{place.Suffix}";

    /// <summary>What the run is.</summary>
    public static IEnumerable<string> Opening(RunFacts facts, RunStatus status)
    {
        // In a cluster this was said when the run was accepted.
        if (!facts.Place.IsCluster)
        {
            yield return $"run {facts.Id} in {facts.Place.Name}/";
        }

        var (shape, work) = (facts.Shape,
            facts.Place.IsCluster ? $"{facts.Shape.Shards} shards" : $"{facts.Lanes} lanes");
        yield return HumanFormat.Of(
            $"{HumanFormat.Count(shape.Rows)} rows of {shape.Features}, {HumanFormat.Count(shape.Parameters)} "
                + $"parameters, {shape.Chains} chains, {facts.Rounds} rounds, {work} on {facts.Device}");
        if (facts.Lineage is { } lineage)
        {
            yield return HumanFormat.Of($"starts from {lineage.Run}, round {lineage.Round}");
        }

        if (status.Servers > 1)
        {
            yield return "goes on from its latest checkpoint";
        }
    }

    /// <summary>An event as one line, or null for one that goes without saying.</summary>
    public static string? Line(RunEvent e) => e.Kind switch
    {
        RunEventKind.Checkpoint => HumanFormat.Of($"checkpoint of round {e.Round}"),
        RunEventKind.Artefact =>
            e.File is { } name && RunFile.Parse(name) is { IsSamples: true } ? $"wrote {name}" : null,
        RunEventKind.Evaluation => HumanFormat.Of($"round {e.Round}: {RunEventText.Of(e)}"),
        RunEventKind.Notice or RunEventKind.Waiting or RunEventKind.Resumed or RunEventKind.Rewound =>
            $"note: {RunEventText.Of(e)}",
        RunEventKind.Samples => $"samples: {e.Text}",
        RunEventKind.Rollback => e.Text,
        _ => null,
    };

    /// <summary>The end of the run, its files, and the next commands.</summary>
    public static IEnumerable<string> Closing(RunOutcome outcome)
    {
        var status = outcome.Status;
        yield return "";
        yield return HumanFormat.Of(
            $"{status.Id} {Ending(status.State)}: {status.Round} of {status.Rounds} rounds in "
                + $"{HumanFormat.Span(status.Seconds)}, {HumanFormat.Rate(outcome.NegativesPerSecond)} negatives/s");
        if (status.Reason is { } reason)
        {
            yield return $"  reason: {reason}";
        }

        if (status.Rollbacks.Count > 0)
        {
            yield return HumanFormat.Of($"  went back {status.Rollbacks.Count} times because it had diverged; "
                + $"./ebm status {status.Id}{outcome.Place.Suffix} says why");
        }

        if (status.Result is { } result)
        {
            yield return $"  parameters sha256 {result.ParametersSha256}";
            yield return $"  state      sha256 {result.StateSha256}";
            foreach (var (name, value) in result.Evaluation)
            {
                yield return $"  {name} {HumanFormat.Number(value)}";
            }
        }

        if (outcome.Files.Count > 0)
        {
            yield return $"wrote to {outcome.Place.Name}/";
            yield return "  " + string.Join("  ", outcome.Files);
        }

        yield return "next";
        foreach (var command in Next(outcome))
        {
            yield return "  " + command;
        }
    }

    private static IEnumerable<string> Next(RunOutcome outcome)
    {
        var (status, place) = (outcome.Status, outcome.Place.Suffix);
        if (status.State != RunState.Succeeded)
        {
            yield return $"./ebm resume {status.Id}{place}";
        }

        if (status.Result is not null)
        {
            var isText = outcome.Files.Any(f => RunFile.Parse(f) is { Kind: RunFileKind.SamplesText });
            yield return $"./ebm sample {status.Id} {(isText ? "-n 20" : "-n 64 --out grid.png")}{place}";
            yield return $"./ebm score {status.Id} --data FILE --out scores.csv{place}";
        }

        yield return $"./ebm status {status.Id}{place}";
        if (outcome.Files.Contains($"{RunLayout.TensorBoard}/"))
        {
            yield return $"tensorboard --logdir {Path.GetDirectoryName(outcome.Place.Name)}";
        }
    }

    /// <summary>A state's name.</summary>
    public static string StateName(RunState state) => state.ToString().ToLowerInvariant();

    private static string Ending(RunState state) => state switch
    {
        RunState.Succeeded => "succeeded",
        RunState.Stopped => "was stopped",
        _ => "failed",
    };
}
