using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Remote;
using Ebm.Client.Runs;

namespace Ebm.Client.Commands.Inspect;

/// <summary><c>status ID</c>.</summary>
internal static class StatusVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "status", "Show the state, metrics, checkpoints and origin of a run.", HelpGroups.Inspect,
            "./ebm status two-moons-3f2a1c", "./ebm status two-moons-3f2a1c --output json",
            "./ebm status two-moons-3f2a1c --cluster redis://localhost:6379")
        {
            SharedOptions.Id, SharedOptions.Home, ClusterOptions.Cluster, ClusterOptions.Patience, SharedOptions.Output,
        };
        verb.Does(async parsed =>
        {
            var id = parsed.GetValue(SharedOptions.Id)!;
            var page = ClusterOptions.Named(parsed) is { } name
                ? await InCluster(name, id, parsed.GetValue(SharedOptions.Verbose))
                : StatusPage.Of(new RunFiles(parsed.GetValue(SharedOptions.Home)!), id);
            if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
            {
                JsonOutput.Write("run", o => StatusJson.Fill(o, page));
            }
            else
            {
                TextTable.Pairs(StatusText.Of(page));
            }

            return ExitCode.Succeeded;
        });
        return verb;
    }

    private static async Task<StatusPage> InCluster(ClusterName name, string id, bool verbose)
    {
        await using var cluster = await ClusterConnection.Open(name, verbose);
        var run = new RemoteRun(cluster, id);
        var status = await run.Status();
        return StatusPage.Of(status, await run.DetailsOrNull(), TimeProvider.System.GetUtcNow());
    }
}
