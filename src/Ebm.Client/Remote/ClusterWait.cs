namespace Ebm.Client.Remote;

/// <summary>A bounded wait for a cluster to come up, which remembers what was wrong last.</summary>
internal sealed class ClusterWait(ClusterName name, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly long _begun = time.GetTimestamp();

    /// <summary>The latest failure.</summary>
    public Exception? Last { get; private set; }

    /// <summary>Pauses after a failure. False: the time is up.</summary>
    public async Task<bool> Again(Exception failure, CancellationToken cancellationToken = default)
    {
        Last = failure;
        if (time.GetElapsedTime(_begun) + Pause > name.Patience)
        {
            return false;
        }

        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }

    /// <summary>The error of a wait that was in vain.</summary>
    public UnreachableException GaveUp(string what, Exception failure)
    {
        var waited = name.Patience > TimeSpan.Zero
            ? FormattableString.Invariant(
                $" (tried for {name.Patience.TotalSeconds:0} s; --connect-timeout sets how long)")
            : "";
        return new UnreachableException($"the cluster {name} cannot be reached{waited}: {what}", failure);
    }
}
