using Ebm.Client.Progress;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Remote;

/// <summary>A run of a cluster; the first signal detaches from it.</summary>
/// <param name="run">The run.</param>
/// <param name="view">Shows it.</param>
/// <param name="submit">Starts the run, or only finds it.</param>
/// <param name="submitAgain">Brings it back where the cluster has lost it; null where the spec is not at hand.</param>
/// <param name="tensorBoard">A folder for folders of event files for TensorBoard; null for none.</param>
internal sealed class RemoteSessionRun(
    RemoteRun run, IRunView view, Func<Task<RunStatus>> submit, Func<Task<RunStatus>>? submitAgain = null,
    string? tensorBoard = null) : ISessionRun
{
    private RemoteTensorBoard? _board;

    /// <inheritdoc/>
    public RunLocation Place => run.Place;

    /// <inheritdoc/>
    public Task<RunStatus> Submit() => submit();

    /// <inheritdoc/>
    public async Task<RunStatus> Follow(RunStatus status, CancellationToken detach)
    {
        view.Accepted(status, Place);
        _board = tensorBoard is null
            ? null
            : new RemoteTensorBoard(run, view, Path.Combine(tensorBoard, run.Id));
        IEventView shown = _board is null ? view : _board;
        var events = new ClusterEvents(run.Grain, shown, TimeProvider.System, submitAgain);
        var follower = new RunFollower(events, shown, new RunPhases(view, Place));
        try
        {
            return await follower.Follow(status, status.LastEvent, detach);
        }
        catch (OperationCanceledException) when (detach.IsCancellationRequested)
        {
            return follower.Latest ?? status;
        }
    }

    /// <inheritdoc/>
    public bool TryStop() => false;

    /// <inheritdoc/>
    public Task CloseFiles() => _board?.Close() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public RunOutcome Describe(RunStatus ended) => RunOutcome.Of(ended, Place);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _board?.DisposeAsync() ?? ValueTask.CompletedTask;
}
