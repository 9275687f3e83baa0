using Microsoft.Extensions.Time.Testing;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>A clock that stands still until a test advances it, and counts the pauses that have begun.</summary>
internal sealed class ManualClock : FakeTimeProvider
{
    private int _pauses;

    /// <summary>Pauses so far, also those that are over.</summary>
    public int Pauses => Volatile.Read(ref _pauses);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _pauses);
        return timer;
    }

    /// <summary>Returns when so many pauses have begun.</summary>
    public Task Begun(int pauses) =>
        Eventually.Holds(() => Pauses >= pauses, () => $"Only {Pauses} of {pauses} pauses have begun.");
}
