namespace Ebm.Client.Remote;

/// <summary>
/// Calls that are made again when they fail for no reason of their own; for those only that may be repeated.
/// </summary>
internal sealed class ClusterCalls(ClusterName name, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The answer.</summary>
    /// <exception cref="UnreachableException">There was none for a minute.</exception>
    public async Task<T> Retry<T>(Func<Task<T>> call)
    {
        var begun = time.GetTimestamp();
        for (var pauses = new RetryBackoff(); ;)
        {
            try
            {
                return await call();
            }
            catch (Exception e) when (TransientErrors.Is(e))
            {
                var pause = pauses.Next();
                if (time.GetElapsedTime(begun) + pause > Limit)
                {
                    throw new UnreachableException(
                        $"the cluster {name} does not answer: {TransientErrors.Brief(e)}. "
                            + "Whether it did what was asked is not known; the same command may be given again.", e);
                }

                await Task.Delay(pause, time);
            }
        }
    }

    /// <summary>The same for a call without an answer.</summary>
    /// <exception cref="UnreachableException">It was not acknowledged for a minute.</exception>
    public Task Retry(Func<Task> call) => Retry(async () =>
    {
        await call();
        return true;
    });
}
