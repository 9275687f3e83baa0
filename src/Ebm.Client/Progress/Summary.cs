using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Progress;

/// <summary>A run's beginning, its events and its end in words, for the views that people read.</summary>
internal static class Summary
{
    /// <summary>What is said at the first Ctrl-C.</summary>
    public const string StoppingText = "stopping at the next round boundary, with a checkpoint; Ctrl-C again quits at once";

    /// <summary>What the run is.</summary>
    public static IEnumerable<string> Opening(RunFacts facts, RunStatus status)
    {
        yield return Readable.Of($"run {facts.Id} in {facts.Directory}/");
        yield return Readable.Of(
            $"{Readable.Count(facts.Rows)} rows of {facts.Features}, {Readable.Count(facts.Parameters)} parameters, {facts.Chains} chains, {facts.Rounds} rounds, {facts.Lanes} lanes on {facts.Device}");
        if (facts.Lineage is { } lineage)
        {
            yield return Readable.Of($"starts from {lineage.Run}, round {lineage.Round}");
        }

        if (status.Epoch > 1)
        {
            yield return "goes on from its latest checkpoint";
        }
    }

    /// <summary>An event as one line, or null for one that goes without saying.</summary>
    public static string? Line(RunEvent e) => e.Kind switch
    {
        RunEventKind.Checkpoint => Readable.Of($"checkpoint of round {e.Round}"),
        RunEventKind.Artefact => e.Text is { } name && name.StartsWith("samples", StringComparison.Ordinal) ? $"wrote {name}" : null,
        RunEventKind.Evaluation => Readable.Of($"round {e.Round}: {e.Text}"),
        RunEventKind.Notice => $"note: {e.Text}",
        _ => null,
    };

    /// <summary>How the run ended, what it wrote, and what comes next.</summary>
    public static IEnumerable<string> Closing(RunOutcome outcome)
    {
        var status = outcome.Status;
        yield return "";
        yield return Readable.Of(
            $"{status.Id} {State(status.State)}: {status.Round} of {status.Rounds} rounds in {Readable.Span(status.Seconds)}, {Readable.Rate(outcome.NegativesPerSecond)} negatives/s");
        if (status.Reason is { } reason)
        {
            yield return $"  reason: {reason}";
        }

        if (status.Result is { } result)
        {
            yield return $"  parameters sha256 {result.ParametersSha256}";
            yield return $"  state      sha256 {result.StateSha256}";
            foreach (var (name, value) in result.Evaluation)
            {
                yield return $"  {name} {Readable.Figure(value)}";
            }
        }

        if (outcome.Files.Count > 0)
        {
            yield return $"wrote to {outcome.Directory}/";
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
        var status = outcome.Status;
        var home = outcome.Home == "runs" ? "" : $" --home {outcome.Home}";
        if (status.State != RunState.Succeeded)
        {
            yield return $"./ebm resume {status.Id}{home}";
        }

        if (status.Result is not null)
        {
            yield return $"./ebm sample {status.Id} -n 64 --out grid.png{home}";
            yield return $"./ebm score {status.Id} --data FILE --out scores.csv{home}";
        }

        yield return $"./ebm status {status.Id}{home}";
    }

    private static string State(RunState state) => state switch
    {
        RunState.Succeeded => "succeeded",
        RunState.Stopped => "was stopped",
        _ => "failed",
    };
}
