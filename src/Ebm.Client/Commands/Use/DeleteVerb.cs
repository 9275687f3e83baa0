using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Core;

namespace Ebm.Client.Commands.Use;

/// <summary>
/// <c>delete ID</c>: needs <c>--yes</c>. It asks no question, so that it behaves the same in a script.
/// </summary>
internal static class DeleteVerb
{
    private static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Delete; without this flag, only list what would be deleted.",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "delete", "Delete a run and its files.", HelpGroups.Use,
            "./ebm delete two-moons-3f2a1c",
            "./ebm delete two-moons-3f2a1c --yes",
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
        RequireYes(parsed, page, page.Directory!);
        files.Delete(id);
        return Done(page, page.Directory!);
    }

    private static async Task<ExitCode> InCluster(ClusterName name, ParseResult parsed)
    {
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        var page = StatusPage.Of(await run.Status(), await run.DetailsOrNull(), TimeProvider.System.GetUtcNow());
        RequireYes(parsed, page, $"the cluster {name}");
        await run.Delete();
        return await Done(page, $"the cluster {name}");
    }

    private static void RequireYes(ParseResult parsed, StatusPage page, string place)
    {
        if (!parsed.GetValue(Yes))
        {
            throw new InputException(
                $"nothing was deleted. This would delete {Describe(page)} in {place}, for good. Add --yes to delete.");
        }
    }

    private static Task<ExitCode> Done(StatusPage page, string place)
    {
        Console.Error.WriteLine($"deleted {Describe(page)} in {place}");
        return Task.FromResult(ExitCode.Succeeded);
    }

    private static string Describe(StatusPage page)
    {
        var checkpoints = page.Checkpoints is { } known ? $"checkpoints: {known.Count}" : "checkpoints: unknown";
        return $"run '{page.Status.Id}' ({page.State}, round {page.Round}, {checkpoints})";
    }
}
