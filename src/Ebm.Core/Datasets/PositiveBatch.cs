using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Datasets;

/// <summary>
/// The keys of a round's data. A draw depends on the row's position in the batch, not on the process that computes it.
/// </summary>
/// <param name="Binarise">Of binarisation by sampling.</param>
/// <param name="DataNoise">Of the Gaussian noise on data rows.</param>
internal readonly record struct BatchKeys(RandomKey Binarise, RandomKey DataNoise)
{
    /// <summary>The keys of one round.</summary>
    public static BatchKeys Of(ulong seed, int attempt, long round) => new(
        RandomKey.Derive(seed, Purpose.Binarisation, attempt, round),
        RandomKey.Derive(seed, Purpose.DataNoise, attempt, round));
}

/// <summary>Data rows as the positive phase sees them.</summary>
internal static class PositiveBatch
{
    /// <summary>
    /// Part of a round's batch: training rows scaled, binarised where that is by sampling, and with Gaussian noise.
    /// Any cut of the batch into parts gives the same rows.
    /// </summary>
    /// <param name="data">The dataset.</param>
    /// <param name="indices">Numbers of the training rows in this part.</param>
    /// <param name="firstRow">Place of the first of them in the batch.</param>
    /// <param name="keys">The round's keys.</param>
    /// <param name="noise">Noise on the device.</param>
    /// <param name="device">Where the result lies.</param>
    /// <param name="dataNoise">Standard deviation of the noise; 0 adds none.</param>
    /// <returns>[indices, features], float32, a new tensor of the caller's dispose scope.</returns>
    public static Tensor Rows(
        Dataset data,
        ReadOnlySpan<long> indices,
        int firstRow,
        BatchKeys keys,
        INoise noise,
        Device device,
        double dataNoise = 0)
    {
        var rows = data.Train.Gather(indices, device);
        if (data.Binarise == Binarise.Sample)
        {
            SampleInPlace(rows, noise, new NoiseSite(keys.Binarise, (uint)firstRow));
        }

        if (dataNoise > 0)
        {
            noise.AddNormal(rows, (float)dataNoise, new NoiseSite(keys.DataNoise, (uint)firstRow));
        }

        return rows;
    }

    /// <summary>
    /// Rows [first, first + count) of one part of the data, for evaluation: where binarisation is by sampling, drawn
    /// once and for all from (seed, part, row), so that figures of different rounds compare.
    /// </summary>
    /// <returns>[count, features], float32, a new tensor of the caller's dispose scope.</returns>
    public static Tensor EvaluationRows(
        Dataset data, DataPart part, int first, int count, ulong seed, INoise noise, Device device)
    {
        var indices = new long[count];
        for (var i = 0; i < count; i++)
        {
            indices[i] = first + i;
        }

        var rows = data[part].Gather(indices, device);
        if (data.Binarise == Binarise.Sample)
        {
            // Attempts count from 0: no key of a run's own evaluations is this one.
            var key = RandomKey.Derive(seed, Purpose.Evaluation, -1, (long)part);
            SampleInPlace(rows, noise, new NoiseSite(key, (uint)first));
        }

        return rows;
    }

    private static void SampleInPlace(Tensor probabilities, INoise noise, NoiseSite site)
    {
        using var uniform = empty_like(probabilities);
        noise.FillUniform(uniform, site);
        using var ones = uniform.lt(probabilities);
        probabilities.copy_(ones);
    }
}
