using System.CommandLine;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>cluster</c>: what concerns the silos and no single run.</summary>
internal static class ClusterVerb
{
    public static Command Create()
    {
        var verb = new Verb("cluster", "Start a cluster on this machine, or look at one.", HelpGroups.Cluster,
            "./ebm cluster start --silos 3", "./ebm cluster status --cluster redis://localhost:6379")
        {
            ClusterStartVerb.Create(),
            ClusterStatusVerb.Create(),
        };
        verb.SetAction(HelpPages.Show);
        return verb;
    }
}
