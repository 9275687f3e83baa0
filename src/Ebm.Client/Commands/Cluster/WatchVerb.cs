using System.CommandLine;
using Ebm.Client.Remote;
using Ebm.Client.Runs;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>watch ID</c>.</summary>
internal static class WatchVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "watch", "Follow a run to its end; Ctrl-C detaches.", HelpGroups.Cluster,
            "./ebm watch mnist-rbm-3f2a1c --cluster redis://localhost:6379",
            "./ebm watch mnist-rbm-3f2a1c --output json",
            "./ebm watch mnist-rbm-3f2a1c --tensorboard boards")
        {
            SharedOptions.Id, ClusterOptions.Cluster, ClusterOptions.Patience, ClusterOptions.TensorBoard,
            SharedOptions.Output,
        };
        verb.Does(async parsed =>
        {
            var name = ClusterOptions.Required(parsed);
            await using var cluster = await ClusterConnection.Open(name, parsed.GetValue(SharedOptions.Verbose));
            var run = new RemoteRun(cluster, parsed.GetValue(SharedOptions.Id)!);
            var board = parsed.GetValue(ClusterOptions.TensorBoard);
            return await RunSession.Follow(SharedOptions.FormatOf(parsed), view =>
                Task.FromResult<ISessionRun>(new RemoteSessionRun(run, view, run.Status, tensorBoard: board)));
        });
        return verb;
    }
}
