namespace Ebm.Client.Remote;

/// <summary>
/// Pauses between tries: short at first, then longer, so that a cluster that comes back is not overrun.
/// </summary>
internal sealed class RetryBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200), Longest = TimeSpan.FromSeconds(5);

    private TimeSpan _next = First;

    /// <summary>The next one.</summary>
    public TimeSpan Next()
    {
        var pause = _next;
        _next = pause * 2 < Longest ? pause * 2 : Longest;
        return pause;
    }
}
