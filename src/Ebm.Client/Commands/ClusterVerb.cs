using System.CommandLine;

namespace Ebm.Client.Commands;

/// <summary><c>cluster</c>: a cluster as a whole.</summary>
internal static class ClusterVerb
{
    public static Command Create() => new Verb(
        "cluster", "Start a cluster on this machine.", "Cluster",
        "./ebm cluster start --silos 3")
    {
        ClusterStartVerb.Create(),
    };
}
