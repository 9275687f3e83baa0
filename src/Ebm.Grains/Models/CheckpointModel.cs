using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using Ebm.Grains.Runs;
using TorchSharp;

namespace Ebm.Grains.Models;

/// <summary>A run's model as of a checkpoint: the moving average of the parameters where the run keeps one.</summary>
internal sealed class CheckpointModel : IDisposable
{
    private CheckpointModel(RunContext run, Checkpoint checkpoint, Parameters parameters, bool isAverage) =>
        (Run, Checkpoint, Parameters, IsAverage) = (run, checkpoint, parameters, isAverage);

    /// <summary>The run.</summary>
    public RunContext Run { get; }

    /// <summary>The checkpoint.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>The checkpoint's round.</summary>
    public long Round => Checkpoint.Round;

    /// <summary>Whether the parameters are the moving average.</summary>
    public bool IsAverage { get; }

    /// <summary>What the energy is computed with.</summary>
    public Parameters Parameters { get; }

    /// <summary>Takes the model out of a checkpoint; to be called on a lane.</summary>
    /// <exception cref="Core.InputException">The checkpoint's parameters are not of this run's energy.</exception>
    public static CheckpointModel Of(RunContext run, Checkpoint checkpoint, torch.Device device)
    {
        if (checkpoint.ModuleDigest != run.ModuleDigest)
        {
            throw new Core.InputException(
                $"the file of the energy has changed since the checkpoint of round {checkpoint.Round} was written: its "
                + $"SHA-256 is {run.ModuleDigest}, expected {checkpoint.ModuleDigest}. Restore the file.");
        }

        var (parameters, isAverage) = TrainerTensors.RestoreModel(checkpoint, run.Energy.Layout, device);
        return new CheckpointModel(run, checkpoint, parameters, isAverage);
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
