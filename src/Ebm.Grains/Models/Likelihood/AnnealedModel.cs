using Ebm.Core.Checkpoints;
using Ebm.Core.Likelihood;
using Ebm.Grains.Runs;
using TorchSharp;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>A checkpoint's model with its chains: what log Z is estimated from.</summary>
/// <param name="Model">The model.</param>
/// <param name="Likelihood">How its log Z is estimated.</param>
/// <param name="Slots">Its replay slots, end to end; empty where chains do not persist.</param>
internal sealed record AnnealedModel(CheckpointModel Model, AnnealedLikelihood Likelihood, ReadOnlyMemory<byte> Slots)
    : IDisposable
{
    /// <summary>Takes it out of a checkpoint; to be called on a lane.</summary>
    /// <exception cref="Core.InputException">The checkpoint is not of this run's energy, or the run's sampler draws
    /// nothing.</exception>
    public static AnnealedModel Of(RunContext run, Checkpoint checkpoint, torch.Device device) => new(
        CheckpointModel.Of(run, checkpoint, device), run.Annealed,
        checkpoint.Slots.SelectMany(slots => slots.ToArray()).ToArray());

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
