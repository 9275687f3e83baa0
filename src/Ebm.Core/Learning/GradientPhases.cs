using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Positive and negative phase of the contrastive-divergence gradient, by block of rows: weight +1/n for data, -1/n for
/// negatives, and the energy penalty in both. Pure; holds constants only.
/// </summary>
internal sealed class GradientPhases(
    LearningSpec learning, IEnergy energy, StateCodec codec, Dataset data, ChainClasses? classes = null)
{
    /// <summary>Number of blocks of a batch of data.</summary>
    public int DataBlocks => RowBlocks.Count(learning.Batch);

    /// <summary>The positive phase of one block of a round's batch.</summary>
    /// <param name="parameters">The version that the round updates.</param>
    /// <param name="keys">The round's keys.</param>
    /// <param name="batch">Indices of the batch's training rows, [batch].</param>
    /// <param name="block">Index of the block.</param>
    /// <param name="noise">Noise for the parameters' device.</param>
    /// <param name="energyL2">The attempt's energy penalty.</param>
    /// <param name="injectFault">Corrupts the rows in place, to inject a fault; null normally.</param>
    public PhaseSum OfData(
        Parameters parameters,
        RoundKeys keys,
        long[] batch,
        int block,
        INoise noise,
        double energyL2,
        Action<Tensor>? injectFault = null)
    {
        using var scope = NewDisposeScope();
        var (first, count) = RowBlocks.At(block, batch.Length);
        var indices = batch.AsSpan(first, count);
        var rows = PositiveBatch.Rows(
            data,
            indices,
            first,
            BatchKeys.Of(keys.Seed, keys.Attempt, keys.Round),
            noise,
            parameters.Flat.device,
            learning.DataNoise);
        injectFault?.Invoke(rows);
        var given = energy.Given(classes?.OfRows(indices), parameters.Flat.device);
        return Sum(given, parameters, rows, 1.0 / batch.Length, energyL2 / batch.Length);
    }

    /// <summary>The negative phase of one block of negatives.</summary>
    /// <param name="parameters">The version that the round updates.</param>
    /// <param name="states">Encoded negatives of the block.</param>
    /// <param name="chains">Number of negatives of the round.</param>
    /// <param name="energyL2">The attempt's energy penalty.</param>
    /// <param name="labels">Class of each negative; empty for an energy without classes.</param>
    public PhaseSum OfNegatives(
        Parameters parameters,
        ReadOnlySpan<byte> states,
        int chains,
        double energyL2,
        ReadOnlySpan<int> labels = default)
    {
        using var scope = NewDisposeScope();
        var rows = codec.Decode(states, states.Length / codec.BytesPerState, parameters.Flat.device);
        var of = classes?.Of(labels, parameters.Flat.device);
        var given = of is null ? energy : energy.Given(of);
        return Sum(given, parameters, rows, -1.0 / chains, energyL2 / chains, of?.Weights);
    }

    private static PhaseSum Sum(
        IEnergy given, Parameters parameters, Tensor rows, double weight, double l2, Tensor? weights = null)
    {
        var (energies, gradient) = given.ParameterGradient(parameters, rows, weight, l2);

        // The reported mean energy weights classes by their frequency in the data, like the gradient.
        return PhaseSum.Of(gradient, energies, weights);
    }
}
