using System.Globalization;

namespace Ebm.Contracts.Runs;

/// <summary>Renders events for people: on the console, on the pages, and in the member <c>text</c> of JSON.</summary>
internal static class RunEventText
{
    /// <summary>The text of an event; null where it has none.</summary>
    public static string? Of(RunEvent e) => e switch
    {
        { State: { } state } => state.ToString().ToLowerInvariant(),
        { File: { } file } => file,
        { StateSha256: { } digest } => digest,
        { Metric: { } metric } => string.Create(CultureInfo.InvariantCulture, $"{metric.Name} {metric.Value:0.####}"),
        { Kind: RunEventKind.Waiting, Wait: { } wait } => $"waiting: {wait.Problem}",
        { Kind: RunEventKind.Resumed, Wait: { } wait } => $"goes on; it waited: {wait.Problem}",
        { Rewind: { } cause } => cause.ToString(),
        _ => e.Text,
    };
}
