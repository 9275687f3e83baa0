using Ebm.Client.Output;
using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Remote;

/// <summary>A run of a cluster on the screen: until it ends, or until the user turns to something else.</summary>
internal static class RemoteSession
{
    /// <summary>Shows a run to its end; the first signal detaches from it.</summary>
    /// <param name="run">The run.</param>
    /// <param name="status">The run as it was last seen.</param>
    /// <param name="format">For whom output is meant.</param>
    /// <param name="submitAgain">Brings it back where the cluster has lost it; null where the spec is not at
    /// hand.</param>
    /// <param name="tensorBoard">A folder for folders of event files for TensorBoard; null for none.</param>
    public static async Task<ExitCode> Follow(
        RemoteRun run, RunStatus status, OutputFormat format, Func<Task<RunStatus>>? submitAgain = null,
        string? tensorBoard = null)
    {
        using var view = Views.For(format);
        using var detach = new CancellationTokenSource();
        using var signals = new StopSignals();
        signals.Arm(detach.Cancel);
        view.Accepted(status, run.Place);
        await using var board = tensorBoard is null
            ? null
            : new RemoteTensorBoard(run, view, Path.Combine(tensorBoard, run.Id));
        var follower = new RunFollower(
            run.Grain, board is null ? view : board, TimeProvider.System, new RunPhases(view, run.Place), submitAgain);
        try
        {
            var outcome = RunOutcome.Of(await follower.Follow(status, detach.Token), run.Place);
            await (board?.Close() ?? Task.CompletedTask);
            view.Ended(outcome);
            return outcome.ExitCode;
        }
        catch (OperationCanceledException) when (detach.IsCancellationRequested)
        {
            await (board?.Close() ?? Task.CompletedTask);
            view.Detached(follower.Latest ?? status, run.Place);
            return ExitCode.Succeeded;
        }
    }

    /// <summary>Says that a cluster has a run, and leaves it there.</summary>
    public static ExitCode Leave(RemoteRun run, RunStatus status, OutputFormat format)
    {
        using var view = Views.For(format);
        view.Accepted(status, run.Place);
        view.Detached(status, run.Place);
        return ExitCode.Succeeded;
    }
}
