namespace Ebm.Client.Runs;

/// <summary>Where a run lives, as the user named it.</summary>
/// <param name="Name">The folder of the run, or the cluster's address without its password.</param>
/// <param name="IsCluster">Which of both.</param>
/// <param name="Suffix">What the next command needs to find it again, such as <c> --home DIR</c>.</param>
internal sealed record RunLocation(string Name, bool IsCluster, string Suffix)
{
    /// <summary>In a folder of runs.</summary>
    public static RunLocation In(string home, string run) =>
        new(Path.Combine(home, run), false, home == "runs" ? "" : $" --home {home}");

    /// <summary>In a cluster.</summary>
    public static RunLocation In(Remote.ClusterName cluster) => new(cluster.ToString(), true, cluster.Suffix);
}
