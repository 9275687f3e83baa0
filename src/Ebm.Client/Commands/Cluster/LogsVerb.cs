using System.CommandLine;
using Ebm.Client.Progress;
using Ebm.Client.Remote;
using Ebm.Client.Runs;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>logs ID</c>: the events of a run as lines.</summary>
internal static class LogsVerb
{
    private static readonly Option<bool> Follow = new("-f", "--follow")
    {
        Description = "Continue with new events until the run ends.",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "logs", "Print the latest events of a run, one a line.", HelpGroups.Cluster,
            "./ebm logs mnist-rbm-3f2a1c --cluster redis://localhost:6379", "./ebm logs mnist-rbm-3f2a1c -f",
            "./ebm logs mnist-rbm-3f2a1c --output json | grep checkpoint")
        {
            SharedOptions.Id, ClusterOptions.Cluster, ClusterOptions.Patience, Follow, SharedOptions.Output,
        };
        verb.Does(Print);
        return verb;
    }

    private static async Task<ExitCode> Print(ParseResult parsed)
    {
        var name = ClusterOptions.Required(parsed);
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        var view = new EventLines(SharedOptions.FormatOf(parsed));
        var now = await run.Status();
        if (now.LastEvent > 0)
        {
            foreach (var e in (await run.Events(0)).Events.Where(e => e.Number <= now.LastEvent))
            {
                view.Show(e, now);
            }
        }

        if (parsed.GetValue(Follow))
        {
            var events = new ClusterEvents(run.Grain, view, TimeProvider.System);
            await new RunFollower(events, view).Follow(now, now.LastEvent, CancellationToken.None);
        }

        return ExitCode.Succeeded;
    }
}
