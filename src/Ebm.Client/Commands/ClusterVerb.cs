using System.CommandLine;

namespace Ebm.Client.Commands;

/// <summary><c>cluster</c>: what concerns the silos and no single run.</summary>
internal static class ClusterVerb
{
    public static Command Create()
    {
        var verb = new Verb("cluster", "Look after the silos.", Groups.Cluster, "./ebm cluster status --cluster redis://localhost:6379")
        {
            ClusterStatusVerb.Create(),
        };
        verb.SetAction(HelpPages.Show);
        return verb;
    }
}
