using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Core;

namespace Ebm.Client.Commands.Inspect;

/// <summary><c>list</c>.</summary>
internal static class ListVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "list", "List the runs.", HelpGroups.Inspect,
            "./ebm list", "./ebm list --home /data/runs --output json", "./ebm list --cluster redis://localhost:6379")
        {
            SharedOptions.Home, ClusterOptions.Cluster, ClusterOptions.Patience, SharedOptions.Output,
        };
        verb.Does(async parsed =>
        {
            var cluster = ClusterOptions.Named(parsed);
            var files = new RunFiles(parsed.GetValue(SharedOptions.Home)!);
            var pages = cluster is null
                ? Local(files)
                : await InCluster(cluster, parsed.GetValue(SharedOptions.Verbose));
            if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
            {
                foreach (var page in pages)
                {
                    JsonOutput.Write("run", o => StatusJson.Fill(o, page));
                }
            }
            else if (pages.Count == 0 && !Console.IsOutputRedirected)
            {
                Console.Out.WriteLine(cluster is null
                    ? $"no runs in {files.Home}. Start one: ./ebm train SPEC"
                    : $"no runs in {cluster}. Start one: ./ebm submit SPEC{cluster.Suffix}");
            }
            else
            {
                TextTable.Write(["run", "state", "round", "of", "seconds", "updated"], pages.Select(p => p.Row()));
            }

            return ExitCode.Succeeded;
        });
        return verb;
    }

    private static IReadOnlyList<StatusPage> Local(RunFiles files) =>
        [.. files.Ids().Select(id => Read(files, id)).OfType<StatusPage>().OrderBy(p => p.Status.Submitted)];

    private static async Task<IReadOnlyList<StatusPage>> InCluster(ClusterName name, bool verbose)
    {
        await using var cluster = await ClusterConnection.Open(name, verbose);
        return [.. (await cluster.Runs()).Select(status => StatusPage.Of(status, null, default))];
    }

    // One damaged record must not hide the other runs.
    private static StatusPage? Read(RunFiles files, string id)
    {
        try
        {
            return StatusPage.Of(files, id);
        }
        catch (EbmException e)
        {
            Console.Error.WriteLine($"warning: {e.Message}");
            return null;
        }
    }
}
