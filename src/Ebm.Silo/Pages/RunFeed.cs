using System.Text.Json.Nodes;
using Ebm.Contracts;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Silo.Pages;

/// <summary>
/// Watches a run: its status, its curves and its events. It reads what the journal has, then waits at the run's grain
/// as a console does. The number and the speed of readers do not affect the run.
/// </summary>
internal sealed class RunFeed(
    string id, IRunGrain run, IRunJournal journal, ServerViewPoller server, TimeProvider time,
    CancellationToken stopping)
    : LiveFeed(time, stopping)
{
    private const int KeptEvents = 1_000;

    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(1), GlanceEvery = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time = time;
    private CurveHistory _curves = new();
    private List<RunEvent> _events = [];
    private Task<EventPage>? _pending;
    private RunStatus? _status;
    private string _server = "{}";
    private long _after, _knownRounds;

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
            (_knownRounds, _pending) = (status.LastEvent, null);
        }

        if (_after != status.LastEvent)
        {
            await Poll();
        }
    }

    /// <inheritdoc/>
    protected override async Task Poll()
    {
        // Where nothing happens the call waits, longer than it takes a silo to be gone.
        _pending ??= run.Events(_after, CancellationToken.None);
        using (var pause = new CancellationTokenSource())
        {
            await Task.WhenAny(_pending, Task.Delay(GlanceEvery, _time, pause.Token));
            await pause.CancelAsync();
        }

        if (_pending.IsCompleted)
        {
            var events = _pending;
            _pending = null;
            Take(await events);
        }

        lock (Gate)
        {
            if (server.Poll(_status!) is var seen && seen != _server)
            {
                _server = seen;
                Tell(new LiveMessage("server", seen));
            }
        }
    }

    /// <inheritdoc/>
    protected override LiveMessage Snapshot() => new("start", PagesJson.Write(new
    {
        status = PagesJson.Node(_status!),
        server = JsonNode.Parse(_server),
        curves = Curves.Of(_curves.Points),
        events = _events.Select(EventRow.Of),
    }));

    /// <inheritdoc/>
    protected override void Forget() => (_curves, _events, _pending) = (new CurveHistory(), [], null);

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

    private void Take(EventPage page)
    {
        lock (Gate)
        {
            foreach (var e in page.Events.Where(e => e.Kind != RunEventKind.Round || e.Number > _knownRounds))
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
