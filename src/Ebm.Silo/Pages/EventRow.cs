using Ebm.Contracts.Runs;

namespace Ebm.Silo.Pages;

/// <summary>An event of a run as a page shows it: its facts for the page, its text for people.</summary>
internal sealed record EventRow(
    long Number, RunEventKind Kind, long Round, string? Text, DateTimeOffset At, long Epoch, RunState? State,
    string? File, MetricValue? Metric)
{
    public static EventRow Of(RunEvent e) =>
        new(e.Number, e.Kind, e.Round, RunEventText.Of(e), e.At, e.Epoch, e.State, e.File, e.Metric);
}
