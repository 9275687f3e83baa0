using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Both sides of the contrastive-divergence gradient, a block of rows at a time: +1/n for data, -1/n for negatives, and
/// the energy penalty's share on both. A function of its arguments; holds constants only.
/// </summary>
public sealed class GradientPhases(
    RunSpec spec, IEnergy energy, StateCodec codec, Dataset data, ChainClasses? classes = null)
{
    private readonly LearningSpec _learning = spec.Learning;

    /// <summary>Number of blocks that a batch of data has.</summary>
    public int DataBlocks => RowBlocks.Count(_learning.Batch);

    /// <summary>The data's side over one block of a round's batch.</summary>
    /// <param name="parameters">The version that the round updates.</param>
    /// <param name="keys">The round's keys.</param>
    /// <param name="batch">Training rows of the whole batch.</param>
    /// <param name="block">Number of the block.</param>
    /// <param name="noise">Noise on the parameters' device.</param>
    /// <param name="energyL2">The attempt's energy penalty.</param>
    /// <param name="spoil">Spoils the rows in place, where a fault is to be tried out.</param>
    public PhaseSum OfData(
        Parameters parameters, RoundKeys keys, long[] batch, int block, INoise noise, double energyL2,
        Action<Tensor>? spoil = null)
    {
        using var scope = NewDisposeScope();
        var first = block * RowBlocks.Size;
        var indices = batch.AsSpan(first, Math.Min(RowBlocks.Size, batch.Length - first));
        var rows = PositiveBatch.Rows(
            data,
            indices,
            first,
            BatchKeys.Of(keys.Seed, keys.Attempt, keys.Round),
            noise,
            parameters.Flat.device,
            _learning.DataNoise);
        spoil?.Invoke(rows);
        var given = energy.Given(classes?.OfRows(indices), parameters.Flat.device);
        return Sum(given, parameters, rows, 1.0 / batch.Length, energyL2 / batch.Length);
    }

    /// <summary>The model's side over one block of negatives.</summary>
    /// <param name="parameters">The version that the round updates.</param>
    /// <param name="states">The block's negatives, encoded.</param>
    /// <param name="chains">Negatives of the whole round.</param>
    /// <param name="energyL2">The attempt's energy penalty.</param>
    /// <param name="labels">The class of each; empty for an energy without classes.</param>
    public PhaseSum OfNegatives(
        Parameters parameters, ReadOnlySpan<byte> states, int chains, double energyL2,
        ReadOnlySpan<int> labels = default)
    {
        using var scope = NewDisposeScope();
        var rows = codec.Decode(states, states.Length / codec.BytesPerState, parameters.Flat.device);
        var of = classes?.Of(labels, parameters.Flat.device);
        return Sum(
            of is null ? energy : energy.Given(of), parameters, rows, -1.0 / chains, energyL2 / chains, of?.Weights);
    }

    private static PhaseSum Sum(
        IEnergy given, Parameters parameters, Tensor rows, double weight, double l2, Tensor? weights = null)
    {
        var (energies, gradient) = given.ParameterGradient(parameters, rows, weight, l2);

        // The reported mean is over the classes as they come in the data, like the gradient.
        return PhaseSum.Of(gradient, energies, weights);
    }
}
