namespace Ebm.Grains.Runs;

/// <summary>Supervision of runs by run grains.</summary>
internal sealed class RunOptions
{
    /// <summary>Interval of heartbeats to a run's parameter server.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Whether a run that is found unfinished goes on by itself. Off where the process may only have come to look: it
    /// then goes on when it is told to.
    /// </summary>
    public bool AdoptUnfinished { get; set; } = true;

    /// <summary>
    /// Whether a run waits for a silo with the device and numerics that it is pinned to. Off where there is only this
    /// one: it then fails and says what differs.
    /// </summary>
    public bool WaitForSilos { get; set; } = true;
}
