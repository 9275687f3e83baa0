using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Progress;

/// <summary>A line every few seconds, for pipes and files.</summary>
internal sealed class PlainView : IRunView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly RunSpeed _speed = new(TimeProvider.System);
    private RunFacts? _facts;
    private RunEvent? _unshown;
    private long _shown;

    public void Accepted(RunStatus status, RunLocation place) => Console.Out.WriteLine(Summary.Accepted(status, place));

    public void Started(RunFacts facts, RunStatus status)
    {
        _facts = facts;
        _speed.Begin(status.Round);
        foreach (var line in Summary.Opening(facts, status))
        {
            Console.Out.WriteLine(line);
        }
    }

    public void Show(RunEvent e, RunStatus status)
    {
        if (e.Kind == RunEventKind.Round)
        {
            _speed.Reached(e.Round);
            _unshown = e;
            if (_shown == 0 || _time.GetElapsedTime(_shown) >= Every)
            {
                Flush();
            }

            return;
        }

        if (Summary.Line(e) is { } line)
        {
            Flush();
            Console.Out.WriteLine(line);
        }
    }

    public void Notice(string text) => Console.Out.WriteLine(text);

    public void Stopping() => Console.Error.WriteLine(Summary.StoppingText);

    public void Detached(RunStatus status, RunLocation place)
    {
        Flush();
        Console.Error.WriteLine(Summary.Detached(status, place));
    }

    public void Ended(RunOutcome outcome)
    {
        Flush();
        foreach (var line in Summary.Closing(outcome))
        {
            Console.Out.WriteLine(line);
        }
    }

    public void Dispose()
    {
    }

    private void Flush()
    {
        if (_unshown is not { Report: { } report } || _facts is null)
        {
            return;
        }

        var rate = _speed.RoundsPerSecond;
        var speed = rate == 0 ? "" : HumanFormat.Of(
            $"  {HumanFormat.Rate(rate)} rounds/s  {HumanFormat.Rate(rate * _facts.Shape.Chains)} negatives/s  ETA "
                + $"{HumanFormat.Span((_facts.Rounds - report.Figures.Round) / rate)}");
        Console.Out.WriteLine(HumanFormat.Of($"round {report.Figures.Round}/{_facts.Rounds}  ")
            + string.Join("  ", RoundMetricNames.Of(report.Figures).Select(f => $"{f.Name} {f.Value}")) + speed);
        _unshown = null;
        _shown = _time.GetTimestamp();
    }
}
