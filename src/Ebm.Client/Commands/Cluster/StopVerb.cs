using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Progress;
using Ebm.Client.Remote;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>stop ID</c>.</summary>
internal static class StopVerb
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private static readonly Option<bool> NoWait = new("--no-wait")
    {
        Description = "Return as soon as the run has accepted the request.",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "stop", "Stop a run at the next round boundary, with a checkpoint.", HelpGroups.Cluster,
            "./ebm stop mnist-rbm-3f2a1c --cluster redis://localhost:6379",
            "./ebm stop mnist-rbm-3f2a1c --no-wait")
        {
            SharedOptions.Id, ClusterOptions.Cluster, ClusterOptions.Patience, NoWait,
        };
        verb.Does(Stop);
        return verb;
    }

    private static async Task<ExitCode> Stop(ParseResult parsed)
    {
        var name = ClusterOptions.Required(parsed);
        await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
        var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
        var status = await run.Status();
        if (status.IsUnfinished)
        {
            await run.Stop();
            status = await run.Status();
            while (status.IsUnfinished && !parsed.GetValue(NoWait))
            {
                await Task.Delay(PollInterval, TimeProvider.System);
                status = await run.Status();
            }
        }

        var rounds = HumanFormat.Of($"round {status.Round} of {(status.Rounds == 0 ? "?" : status.Rounds)}");
        var reason = status.Reason is { } given ? $": {given}" : "";
        Console.Error.WriteLine($"run {status.Id} {Ending(status.State)}, {rounds}{reason}");
        return status.State == RunState.Failed ? RunOutcome.Of(status.State) : ExitCode.Succeeded;
    }

    private static string Ending(RunState state) => state switch
    {
        RunState.Stopped => "is stopped",
        RunState.Succeeded => "has succeeded",
        RunState.Failed => "has failed",
        _ => "is " + Summary.StateName(state),
    };
}
