using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Commands.Inspect;

/// <summary><c>checkpoints ID</c>.</summary>
internal static class CheckpointsVerb
{
    private const int ShownDigest = 12;

    public static Command Create()
    {
        var verb = new Verb(
            "checkpoints", "List the checkpoints of a run, the newest first.", HelpGroups.Inspect,
            "./ebm checkpoints two-moons-3f2a1c", "./ebm checkpoints two-moons-3f2a1c --output json",
            "./ebm checkpoints mnist-rbm-3f2a1c --cluster redis://localhost:6379")
        {
            SharedOptions.Id, SharedOptions.Home, ClusterOptions.Cluster, ClusterOptions.Patience, SharedOptions.Output,
        };
        verb.Does(async parsed =>
        {
            var checkpoints = ClusterOptions.Named(parsed) is { } name ? await InCluster(name, parsed) : Here(parsed);
            if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
            {
                foreach (var checkpoint in checkpoints)
                {
                    JsonOutput.Write("checkpoint", JsonOutput.Members(checkpoint));
                }
            }
            else
            {
                TextTable.Write(
                    ["round", "attempt", "scheduled", "size", "parameters sha256", "state sha256"],
                    checkpoints.Select(Row));
            }

            return ExitCode.Succeeded;
        });
        return verb;
    }

    private static IReadOnlyList<CheckpointInfo> Here(ParseResult parsed)
    {
        var (files, id) = (new RunFiles(parsed.GetValue(SharedOptions.Home)!), parsed.GetValue(SharedOptions.Id)!);
        _ = files.Get(id);
        return [.. files.Checkpoints(id).Select(m => m.ToInfo())];
    }

    private static async Task<IReadOnlyList<CheckpointInfo>> InCluster(ClusterName name, ParseResult parsed)
    {
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        await run.Status();
        return (await run.Details()).Checkpoints;
    }

    private static IReadOnlyList<string> Row(CheckpointInfo c) =>
    [
        HumanFormat.Of($"{c.Round}"), HumanFormat.Of($"{c.Attempt}"), c.Scheduled ? "yes" : "no",
        HumanFormat.Size(c.Bytes), c.ParametersSha256[..ShownDigest], c.StateSha256[..ShownDigest],
    ];
}
