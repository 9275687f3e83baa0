namespace Ebm.Grains.Telemetry;

/// <summary>How long a lane has worked, and how long it has waited for work, up to now.</summary>
internal sealed class LaneClock(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _since = time.GetTimestamp();
    private bool _works;
    private TimeSpan _busy, _idle;

    /// <summary>Work begins.</summary>
    public void Begin() => Switch(true);

    /// <summary>Work has ended.</summary>
    public void End() => Switch(false);

    /// <summary>Both times, the one that is running included.</summary>
    public (TimeSpan Busy, TimeSpan Idle) Read()
    {
        lock (_gate)
        {
            Add();
            return (_busy, _idle);
        }
    }

    private void Switch(bool works)
    {
        lock (_gate)
        {
            Add();
            _works = works;
        }
    }

    private void Add()
    {
        var now = time.GetTimestamp();
        var passed = time.GetElapsedTime(_since, now);
        _since = now;
        if (_works)
        {
            _busy += passed;
        }
        else
        {
            _idle += passed;
        }
    }
}
