namespace Ebm.Contracts.Retries;

/// <summary>
/// Repeats a call until it succeeds. The outcome of an attempt that failed is unknown, so the call must be idempotent.
/// </summary>
internal static class Retry
{
    /// <summary>The result of the first attempt that succeeds.</summary>
    /// <param name="call">One attempt. Every attempt runs in the caller's context: in a grain, on its turns.</param>
    /// <param name="isTransient">Whether a failure may pass; the other ones are thrown.</param>
    /// <param name="backoff">The delays between attempts.</param>
    /// <param name="onRetry">Gets each failed attempt before the delay; an exception that it throws ends the
    /// retries.</param>
    /// <param name="time">The clock of the delays.</param>
    /// <param name="cancellationToken">Ends the retries, not an attempt.</param>
    /// <exception cref="OperationCanceledException">The retries were cancelled; the last failure is inside.</exception>
    public static async Task<T> Call<T>(
        Func<Task<T>> call,
        Func<Exception, bool> isTransient,
        Backoff backoff,
        Action<FailedAttempt> onRetry,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (isTransient(e))
            {
                if (!cancellationToken.IsCancellationRequested)
                {
                    var failed = new FailedAttempt(attempt, e, backoff.Delay(attempt));
                    onRetry(failed);
                    await Task.Delay(failed.Delay, time, cancellationToken).ConfigureAwait(
                        ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
                }

                if (cancellationToken.IsCancellationRequested)
                {
                    throw new OperationCanceledException("The retries were cancelled.", e, cancellationToken);
                }
            }
        }
    }

    /// <inheritdoc cref="Call{T}"/>
    /// <summary>The same for a call without a result.</summary>
    public static Task Call(
        Func<Task> call,
        Func<Exception, bool> isTransient,
        Backoff backoff,
        Action<FailedAttempt> onRetry,
        TimeProvider time,
        CancellationToken cancellationToken) => Call(
            async () =>
            {
                await call();
                return true;
            },
            isTransient,
            backoff,
            onRetry,
            time,
            cancellationToken);
}
