using System.Globalization;

namespace Ebm.Contracts.Runs;

/// <summary>
/// Events of version 0.1, stored or from a silo of it, have a text and no facts. This is the only code that reads such
/// texts.
/// </summary>
internal static class TextOnlyEvents
{
    private const string Waits = "waiting: ", Resumes = "goes on; it waited: ";

    /// <summary>The event with the facts that its text states; the event itself where it has facts or states
    /// none.</summary>
    public static RunEvent AddFacts(RunEvent e) => e switch
    {
        { Text: null } => e,
        { Kind: RunEventKind.State, State: null }
            when Enum.TryParse<RunState>(e.Text, ignoreCase: true, out var state) => e with { State = state },
        { Kind: RunEventKind.Artefact, File: null } => e with { File = e.Text },
        { Kind: RunEventKind.Checkpoint, StateSha256: null } => e with { StateSha256 = e.Text },
        { Kind: RunEventKind.Evaluation, Metric: null } => e with { Metric = ReadMetric(e.Text) },
        { Kind: RunEventKind.Notice } when ReadWait(e.Text, Waits) is { } wait =>
            e with { Kind = RunEventKind.Waiting, Wait = wait },
        { Kind: RunEventKind.Notice } when ReadWait(e.Text, Resumes) is { } wait =>
            e with { Kind = RunEventKind.Resumed, Wait = wait },
        _ => e,
    };

    /// <summary>A name and a number; null for the words that explain an estimate.</summary>
    private static MetricValue? ReadMetric(string text) => text.Split(' ') is [var name, var number]
        && double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? new MetricValue(name, value)
        : null;

    private static WaitCause? ReadWait(string text, string start) => text.StartsWith(start, StringComparison.Ordinal)
        ? new WaitCause(
            text.AsSpan(start.Length).StartsWith("no ", StringComparison.Ordinal) ? WaitReason.Silo : WaitReason.Store,
            text[start.Length..])
        : null;
}
