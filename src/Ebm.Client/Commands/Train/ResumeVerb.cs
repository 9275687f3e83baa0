using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;

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
        return LocalTraining.Run(new RunJob(id, SpecJson.Read(record.SpecJson), record.Lineage, options));
    }

    private static async Task<ExitCode> InCluster(ClusterName name, ParseResult parsed)
    {
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        return await RunSession.Follow(SharedOptions.FormatOf(parsed), view =>
            Task.FromResult<ISessionRun>(new RemoteSessionRun(run, view, Resume)));

        async Task<RunStatus> Resume()
        {
            // A run that is not there is an error of its own.
            await run.Status();
            return await run.Resume(parsed.GetValue(SharedOptions.AllowNewHardware));
        }
    }
}
