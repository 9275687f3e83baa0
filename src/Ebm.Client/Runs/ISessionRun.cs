using Ebm.Contracts.Runs;

namespace Ebm.Client.Runs;

/// <summary>A run that a session submits, follows and shows: in this process, or in a cluster.</summary>
internal interface ISessionRun : IAsyncDisposable
{
    /// <summary>Where it lives.</summary>
    RunLocation Place { get; }

    /// <summary>Starts the run, or finds it at work.</summary>
    Task<RunStatus> Submit();

    /// <summary>Shows the run until it ends, or until the user detaches from it.</summary>
    /// <returns>The run as it was last seen.</returns>
    Task<RunStatus> Follow(RunStatus status, CancellationToken detach);

    /// <summary>Stops a run that cannot outlive this process; false where the run can. Called on any thread.</summary>
    bool TryStop();

    /// <summary>Writes the rest of the event files for TensorBoard, where there are any.</summary>
    Task CloseFiles();

    /// <summary>The outcome of the run.</summary>
    RunOutcome Describe(RunStatus ended);
}
