using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Core;

namespace Ebm.Client.Commands.Use;

/// <summary>
/// <c>delete ID</c>: never without <c>--yes</c>, and without asking back, so that it does the same in a script.
/// </summary>
internal static class DeleteVerb
{
    private static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Do it. Without it only what would be deleted is said.",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "delete", "Delete a run with its checkpoints, slots and files.", HelpGroups.Use,
            "./ebm delete two-moons-3f2a1c", "./ebm delete two-moons-3f2a1c --yes",
            "./ebm delete mnist-rbm-3f2a1c --yes --cluster redis://localhost:6379")
        {
            SharedOptions.Id, SharedOptions.Home, ClusterOptions.Cluster, ClusterOptions.Patience, Yes,
        };
        verb.Does(parsed => ClusterOptions.Named(parsed) is { } name ? InCluster(name, parsed) : Here(parsed));
        return verb;
    }

    private static Task<ExitCode> Here(ParseResult parsed)
    {
        var (files, id) = (new RunFiles(parsed.GetValue(SharedOptions.Home)!), parsed.GetValue(SharedOptions.Id)!);
        var page = StatusPage.Of(files, id);
        Consider(parsed, page, page.Directory!);
        files.Delete(id);
        return Done(page, page.Directory!);
    }

    private static async Task<ExitCode> InCluster(ClusterName name, ParseResult parsed)
    {
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        var page = StatusPage.Of(await run.Status(), await run.DetailsOrNull(), TimeProvider.System.GetUtcNow());
        Consider(parsed, page, $"the cluster {name}");
        await run.Delete();
        return await Done(page, $"the cluster {name}");
    }

    private static void Consider(ParseResult parsed, StatusPage page, string place)
    {
        if (!parsed.GetValue(Yes))
        {
            throw new InputException($"this would delete {What(page)} in {place}, and nothing brings it back. "
                + "Say --yes to do it.");
        }
    }

    private static Task<ExitCode> Done(StatusPage page, string place)
    {
        Console.Error.WriteLine($"deleted {What(page)} in {place}");
        return Task.FromResult(ExitCode.Succeeded);
    }

    private static string What(StatusPage page) =>
        $"run '{page.Status.Id}' ({page.State}, round {page.Round}, "
            + $"{page.Checkpoints?.Count.ToString() ?? "unknown"} checkpoints)";
}
