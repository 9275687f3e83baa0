namespace Ebm.Client.Local.Processes;

/// <summary>Pauses before something is started again: 0.5, 1, 2, 4, 5, 5... seconds.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(0.5), Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = Shortest;

    /// <summary>The pause to make now.</summary>
    public TimeSpan Next()
    {
        var pause = _next;
        _next = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, Longest.Ticks));
        return pause;
    }

    /// <summary>It came up: the next failure is a first one again.</summary>
    public void Reset() => _next = Shortest;
}
