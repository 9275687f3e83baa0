using Ebm.Contracts.Retries;

namespace Ebm.Client.Remote;

/// <summary>A bounded wait for a cluster to start; it keeps the last problem.</summary>
internal sealed class ClusterWait(ClusterName name, TimeProvider time)
{
    /// <summary>The delays between attempts.</summary>
    public static readonly Backoff Backoff = Backoff.Constant(TimeSpan.FromMilliseconds(500));

    private readonly long _begun = time.GetTimestamp();

    /// <summary>The latest failure.</summary>
    public Exception? Last { get; private set; }

    /// <summary>Records a failure. True: there is time for another attempt.</summary>
    public bool Permits(Exception failure)
    {
        Last = failure;
        return time.GetElapsedTime(_begun) + Backoff.First <= name.Patience;
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
