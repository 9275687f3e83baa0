using System.Runtime.InteropServices;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Generated;

/// <summary>Samples of toy densities, most of them two-dimensional, with coordinates of about -2 to 2.</summary>
internal static class ToyData
{
    /// <summary>
    /// Draws rows; row i is a function of the key and i. The label is the component that the row came from.
    /// </summary>
    /// <param name="spec">Density, number of rows and noise.</param>
    /// <param name="key">The key.</param>
    /// <param name="limit">Most bytes of rows.</param>
    /// <exception cref="InputException">The rows exceed the limit.</exception>
    public static DataRows Generate(ToyDataSpec spec, RandomKey key, long limit = DataFile.DefaultLimit)
    {
        var features = spec.Density == ToyDensity.Mixture ? spec.Features : 2;
        if ((long)spec.Count * features * sizeof(float) > limit)
        {
            throw new InputException(
                $"data.count: {spec.Count} rows of {features} values exceed the limit of {limit} bytes.");
        }

        var shape = ToyShape.Of(spec.Density, features);
        var labels = new int[spec.Count];
        var point = new double[features];
        using var stored = empty([spec.Count, features], ScalarType.Float32);
        long next = 0;
        TensorChunks.ForEach(stored, (bytes, _) =>
        {
            foreach (ref var value in MemoryMarshal.Cast<byte, float>(bytes))
            {
                // A chunk may end within a row, so rows are not aligned with chunks.
                var (row, column) = Math.DivRem(next++, features);
                if (column == 0)
                {
                    var draws = new RowDraws(key, (uint)row);
                    labels[row] = shape.Draw(ref draws, spec.Noise, point);
                }

                value = (float)point[column];
            }
        });
        return new DataRows(stored.alias(), 1, 0, labels, null);
    }

    /// <summary>
    /// log p(x) of each row of <paramref name="x"/> [rows, features], natural logarithm, float64 [rows]; null for a
    /// density without a closed form.
    /// </summary>
    public static Tensor? LogDensity(ToyDensity density, double noise, Tensor x)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(noise);
        return (ToyShape.Of(density, (int)x.shape[1]) as ToyMixture)?.LogDensity(noise, x);
    }
}
