using Ebm.Contracts.Retries;

namespace Ebm.Client.Remote;

/// <summary>
/// Idempotent calls to a cluster, retried after transient failures for at most a minute.
/// </summary>
internal sealed class ClusterCalls(ClusterName name, TimeProvider time)
{
    /// <summary>The delays of a client: a cluster that comes back is not overrun.</summary>
    public static readonly Backoff Backoff = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The answer.</summary>
    /// <exception cref="UnreachableException">There was none for a minute.</exception>
    public Task<T> Retry<T>(Func<Task<T>> call)
    {
        var begun = time.GetTimestamp();
        return Contracts.Retries.Retry.Call(
            call, TransientErrors.Is, Backoff, failed => CheckLimit(begun, failed), time, CancellationToken.None);
    }

    /// <summary>The same for a call without an answer.</summary>
    /// <exception cref="UnreachableException">It was not acknowledged for a minute.</exception>
    public Task Retry(Func<Task> call) => Retry(async () =>
    {
        await call();
        return true;
    });

    private void CheckLimit(long begun, FailedAttempt failed)
    {
        if (time.GetElapsedTime(begun) + failed.Delay > Limit)
        {
            throw new UnreachableException(
                $"the cluster {name} does not answer: {TransientErrors.Brief(failed.Failure)}. "
                    + "Whether it did what was asked is not known; the same command may be given again.",
                failed.Failure);
        }
    }
}
