using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ebm.Client.Progress;

/// <summary>The run on a terminal: a bar, its speed and its figures, drawn anew a few times a second.</summary>
internal sealed class LiveView(IAnsiConsole console) : IRunView
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly RunSpeed _speed = new(TimeProvider.System);
    private readonly CancellationTokenSource _ending = new();
    private Task? _drawing;
    private RunFacts? _facts;
    private RoundReport? _latest;
    private long _round;
    private string _state = "running";

    public void Accepted(RunStatus status, RunLocation place) => console.WriteLine(Summary.Accepted(status, place));

    public void Started(RunFacts facts, RunStatus status)
    {
        _facts = facts;
        _round = status.Round;
        _speed.Begin(_round);
        foreach (var line in Summary.Opening(facts, status))
        {
            console.WriteLine(line);
        }

        _drawing = console.Live(Picture()).AutoClear(true).Overflow(VerticalOverflow.Crop).StartAsync(Draw);
    }

    public void Show(RunEvent e, RunStatus status)
    {
        lock (_gate)
        {
            if (e.Report is { } report)
            {
                _speed.Reached(e.Round);
                (_latest, _round) = (report, e.Round);
                return;
            }
        }

        if (Summary.Line(e) is { } line)
        {
            Say(line);
        }
    }

    public void Notice(string text) => Say(text);

    public void Stopping()
    {
        lock (_gate)
        {
            _state = "stopping";
        }

        Say(Summary.StoppingText);
    }

    public void Detached(RunStatus status, RunLocation place)
    {
        StopDrawing();
        Console.Error.WriteLine(Summary.Detached(status, place));
    }

    public void Ended(RunOutcome outcome)
    {
        StopDrawing();
        foreach (var line in Summary.Closing(outcome))
        {
            console.WriteLine(line);
        }
    }

    public void Dispose()
    {
        StopDrawing();
        _ending.Dispose();
    }

    /// <summary>
    /// Writes a line above the picture. It goes over the picture's first line, whose rest it has to cover.
    /// </summary>
    private void Say(string line) => console.WriteLine(line.PadRight(Math.Max(10, console.Profile.Width - 1)));

    private async Task Draw(LiveDisplayContext context)
    {
        using var frames = new PeriodicTimer(Frame);
        try
        {
            while (await frames.WaitForNextTickAsync(_ending.Token))
            {
                context.UpdateTarget(Picture());
            }
        }
        catch (OperationCanceledException)
        {
            // The run has ended; what is on the screen is cleared by the caller.
        }
    }

    private void StopDrawing()
    {
        if (_drawing is { } drawing)
        {
            _ending.Cancel();
            drawing.GetAwaiter().GetResult();
            _drawing = null;
        }
    }

    private Rows Picture()
    {
        lock (_gate)
        {
            // One column stays free: a terminal may wrap a line that is exactly full.
            var width = Math.Max(10, console.Profile.Width - 1);
            var (facts, rate) = (_facts!, _speed.RoundsPerSecond);
            var share = Math.Clamp(_round / (double)facts.Rounds, 0, 1);
            var lines = new List<IRenderable>
            {
                LiveBar.Of(
                    share, HumanFormat.Of($" {share * 100:0} % {_round}/{facts.Rounds}"), width,
                    console.Profile.Capabilities.Unicode),
            };
            var cells = new List<(string, string)>
            {
                ("state", _state),
                ("ETA", rate > 0 ? HumanFormat.Span((facts.Rounds - _round) / rate) : "?"),
                ("rounds/s", HumanFormat.Rate(rate)),
                ("negatives/s", HumanFormat.Rate(rate * facts.Shape.Chains)),
            };
            if (_latest is { } latest)
            {
                cells.AddRange(RoundMetricNames.Of(latest.Figures));
            }

            lines.AddRange(LiveCells.Of(cells, width));
            return new Rows(lines);
        }
    }
}
