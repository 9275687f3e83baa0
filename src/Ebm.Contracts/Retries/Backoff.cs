namespace Ebm.Contracts.Retries;

/// <summary>
/// Delays before retries: the first one, then twice the one before, up to the longest. They have no jitter.
/// </summary>
/// <param name="First">The delay before the first retry; longer than zero.</param>
/// <param name="Longest">The upper limit; not shorter than <paramref name="First"/>.</param>
internal sealed record Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <summary>The same delay before every retry.</summary>
    public static Backoff Constant(TimeSpan delay) => new(delay, delay);

    /// <summary>The delay before a retry.</summary>
    /// <param name="retry">Its number, from 1.</param>
    public TimeSpan Delay(int retry)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(retry);
        return TimeSpan.FromTicks((long)Math.Min(Math.ScaleB(First.Ticks, retry - 1), Longest.Ticks));
    }
}
