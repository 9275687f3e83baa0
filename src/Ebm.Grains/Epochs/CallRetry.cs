namespace Ebm.Grains.Epochs;

/// <summary>
/// Repeats a call to a grain until it is answered: a silo that died fails its calls, and the grain activates elsewhere.
/// For calls only that may be repeated, since one that failed has an unknown outcome.
/// </summary>
internal static class CallRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100),
        LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>The answer; what the callee itself throws is passed on.</summary>
    public static async Task<T> Call<T>(
        Func<Task<T>> call, TimeProvider time, Action<string, TimeSpan> retrying, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (e is TimeoutException or OrleansException or OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                retrying(e.Message, pause);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
