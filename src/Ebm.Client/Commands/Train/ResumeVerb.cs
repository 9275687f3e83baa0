using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Configuration.Reading;

namespace Ebm.Client.Commands.Train;

/// <summary><c>resume ID</c>: resumes a run with the spec in its record.</summary>
internal static class ResumeVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "resume", "Resume a run that was stopped, interrupted or failed.", HelpGroups.Train,
            "./ebm resume two-moons-3f2a1c", "./ebm resume two-moons-3f2a1c --cluster redis://localhost:6379")
        {
            SharedOptions.Id, SharedOptions.Home, SharedOptions.Lanes, SharedOptions.Device, ClusterOptions.Cluster,
            ClusterOptions.Patience, SharedOptions.Output, SharedOptions.AllowNewHardware, SharedOptions.TensorBoard,
            PagesChoice.Ui, PagesChoice.UiPort,
        };
        verb.Does(parsed => ClusterOptions.Named(parsed) is { } name ? InCluster(name, parsed) : Here(parsed));
        return verb;
    }

    private static Task<ExitCode> Here(ParseResult parsed)
    {
        var options = TrainVerb.OptionsOf(parsed);
        var id = parsed.GetValue(SharedOptions.Id)!;
        var record = new RunFiles(options.Home).Get(id);
        return RunSession.Train(new RunJob(id, SpecJson.Read(record.SpecJson), record.Lineage, options));
    }

    private static async Task<ExitCode> InCluster(ClusterName name, ParseResult parsed)
    {
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        await run.Status();
        var status = await run.Resume(parsed.GetValue(SharedOptions.AllowNewHardware));
        return await RemoteSession.Follow(run, status, SharedOptions.FormatOf(parsed));
    }
}
