using Ebm.Contracts.Runs;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Grains.Reporting;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The state that an epoch starts from. Owns the trainer's state; the versions belong to the epoch that is created from
/// it.
/// </summary>
/// <param name="Assignment">Run and epoch.</param>
/// <param name="Pins">The run's inputs on this silo.</param>
/// <param name="State">The trainer's state.</param>
/// <param name="Versions">The versions that coming rounds sample from.</param>
/// <param name="AttemptBase">Version that the attempt started from.</param>
/// <param name="FromCheckpoint">Whether it was read from a checkpoint; else it is version 0.</param>
/// <param name="Reporter">Sends the epoch's events; holds those of the restore.</param>
internal sealed record RestoredEpoch(
    EpochAssignment Assignment,
    RunPins Pins,
    TrainerState State,
    IReadOnlyDictionary<long, Parameters> Versions,
    long AttemptBase,
    bool FromCheckpoint,
    RunReporter Reporter) : IDisposable
{
    /// <summary>Whether a rollback made the checkpoint: a new attempt starts from it.</summary>
    public bool IsRollback => FromCheckpoint && State.Attempt > 0 && AttemptBase == State.Version;

    /// <inheritdoc/>
    public void Dispose() => State.Dispose();
}
