using Ebm.Contracts.Retries;

namespace Ebm.Grains.Epochs;

/// <summary>
/// Repeats an idempotent call to a grain until it is answered: a silo that died fails its calls, and the grain
/// activates elsewhere.
/// </summary>
internal static class CallRetry
{
    private static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    /// <summary>The answer; the callee's own exceptions are passed on.</summary>
    public static Task<T> Call<T>(
        Func<Task<T>> call,
        TimeProvider time,
        Action<FailedAttempt> onRetry,
        CancellationToken cancellationToken) => Retry.Call(
            call,
            e => e is TimeoutException or OrleansException or OperationCanceledException,
            Backoff,
            onRetry,
            time,
            cancellationToken);
}
