namespace Ebm.Client.Progress;

/// <summary>Rounds a second over the last while.</summary>
internal sealed class RunSpeed(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Queue<(long Time, long Round)> _marks = new();
    private (long Time, long Round) _last;

    /// <summary>Rounds a second; 0 until two rounds were seen.</summary>
    public double RoundsPerSecond => _marks.TryPeek(out var first) && _last.Round > first.Round
        ? (_last.Round - first.Round) / time.GetElapsedTime(first.Time, _last.Time).TotalSeconds
        : 0;

    /// <summary>Begins at a round; what happened before it took other time.</summary>
    public void Begin(long round)
    {
        _marks.Clear();
        Reached(round);
    }

    /// <summary>Notes that a round was applied.</summary>
    public void Reached(long round)
    {
        _last = (time.GetTimestamp(), round);
        _marks.Enqueue(_last);
        while (_marks.Count > 2 && time.GetElapsedTime(_marks.Peek().Time) > Window)
        {
            _marks.Dequeue();
        }
    }
}
