using Ebm.Contracts.Runs;

namespace Ebm.Silo.Pages;

/// <summary>An event of a run as a page shows it.</summary>
internal sealed record EventRow(long Number, RunEventKind Kind, long Round, string? Text, DateTimeOffset At, long Epoch)
{
    public static EventRow Of(RunEvent e) => new(e.Number, e.Kind, e.Round, e.Text, e.At, e.Epoch);
}
