using Ebm.Contracts.Runs;

namespace Ebm.Grains.Runs;

/// <summary>
/// The latest events of a run, numbered, with a way to wait for the next. Used from one grain's turns only.
/// </summary>
internal sealed class RecentEvents
{
    private const int Kept = 4096;

    private readonly Queue<RunEvent> _events = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Number of the latest event.</summary>
    public long Last { get; private set; }

    /// <summary>Starts the numbering after the events of an earlier activation, some of which are known.</summary>
    public void Begin(long last, IEnumerable<RunEvent> known)
    {
        foreach (var e in known)
        {
            _events.Enqueue(e);
            last = Math.Max(last, e.Number);
        }

        Last = last;
    }

    /// <summary>Adds an event under the next number.</summary>
    public RunEvent Add(RunEvent e)
    {
        var added = e with { Number = ++Last };
        _events.Enqueue(added);
        if (_events.Count > Kept)
        {
            _events.Dequeue();
        }

        _next.SetResult();
        _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return added;
    }

    /// <summary>The events after a number that are still kept.</summary>
    public IReadOnlyList<RunEvent> After(long number) => [.. _events.Where(e => e.Number > number)];

    /// <summary>
    /// Returns when there is an event after a number, or after a while. A number that was never given out is one of an
    /// activation that died with it: its holder is to learn at once where the numbering is now.
    /// </summary>
    public async Task WaitAfter(long number, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Last != number)
        {
            return;
        }

        try
        {
            await _next.Task.WaitAsync(wait, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // An empty page says that the run is still there.
        }
    }
}
