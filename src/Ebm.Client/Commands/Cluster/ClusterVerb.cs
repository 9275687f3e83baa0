using System.CommandLine;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>cluster</c>: the commands for silos.</summary>
internal static class ClusterVerb
{
    public static Command Create()
    {
        var verb = new Verb("cluster", "Start a cluster on this machine, or inspect one.", HelpGroups.Cluster,
            "./ebm cluster start --silos 3", "./ebm cluster status --cluster redis://localhost:6379")
        {
            ClusterStartVerb.Create(),
            ClusterStatusVerb.Create(),
        };
        verb.SetAction(HelpPages.Show);
        return verb;
    }
}
