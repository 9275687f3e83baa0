using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Silo.Pages;

/// <summary>
/// Watches a run: its status, its curves and its events. It reads what the journal has, then waits at the run's grain as a console
/// does; the run does not notice how many look, or how fast they read.
/// </summary>
internal sealed class RunWatch(string id, IRunGrain run, IRunJournal journal, TimeProvider time, CancellationToken stopping)
    : Watch(time, stopping)
{
    private const int KeptEvents = 1_000;

    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time;
    private CurveHistory _curves = new();
    private List<RunEvent> _events = [];
    private RunStatus? _status;
    private long _after;

    /// <inheritdoc/>
    protected override async Task Open()
    {
        var status = await run.Status() ?? throw new UnknownRunException(id);
        var curves = new CurveHistory();
        foreach (var report in await journal.ReadMetrics(id))
        {
            curves.Add(report.Figures);
        }

        var events = (await journal.ReadEvents(id, KeptEvents)).ToList();
        lock (Gate)
        {
            (_status, _curves, _events) = (status, curves, []);
            events.ForEach(Keep);

            // An event is in the journal a moment after it happened; rounds up to now are in the metrics.
            _after = events is [.., var last] ? Math.Min(last.Number, status.LastEvent) : 0;
        }

        await Look(tellRoundsAfter: status.LastEvent);
    }

    /// <inheritdoc/>
    protected override Task Look() => Look(tellRoundsAfter: 0);

    /// <inheritdoc/>
    protected override LiveMessage Snapshot() => new("start", PagesJson.Write(new
    {
        status = PagesJson.Node(_status!),
        curves = Curves.Of(_curves.Points),
        events = _events.Select(EventRow.Of),
    }));

    /// <inheritdoc/>
    protected override async Task<IReadOnlyList<LiveMessage>> Close()
    {
        try
        {
            return await run.Status().WaitAsync(LastWord, _time) is { } last ? [Message(last)] : [];
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return [];
        }
    }

    private static LiveMessage Message(RunStatus status) => new("status", PagesJson.Write(PagesJson.Node(status)));

    private async Task Look(long tellRoundsAfter)
    {
        var page = await run.Events(_after, CancellationToken.None);
        lock (Gate)
        {
            foreach (var e in page.Events.Where(e => e.Kind != RunEventKind.Round || e.Number > tellRoundsAfter))
            {
                if (e.Report is { } report)
                {
                    _curves.Add(report.Figures);
                    Tell(new LiveMessage("round", MetricsJson.Write(report).ToJsonString(MetricsJson.Line)));
                }
                else if (_events is not [.., var last] || last.Number < e.Number)
                {
                    Keep(e);
                    Tell(new LiveMessage("event", PagesJson.Write(EventRow.Of(e))));
                }
            }

            _status = page.Status;
            _after = page.Events is [.., var newest] ? newest.Number : page.Status.LastEvent;
            Tell(Message(page.Status));
        }
    }

    private void Keep(RunEvent e)
    {
        _events.Add(e);
        if (_events.Count > KeptEvents)
        {
            _events.RemoveAt(0);
        }
    }
}
