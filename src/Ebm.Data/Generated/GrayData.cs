using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Generated;

/// <summary>Samples of densities of the plane, Gray-coded as rows of bits.</summary>
internal static class GrayData
{
    /// <summary>
    /// Draws rows; row i is a function of the key and i. The label is the component that the row came from.
    /// </summary>
    /// <param name="spec">Density, number of rows and bits.</param>
    /// <param name="key">The key.</param>
    /// <param name="limit">Most bytes of rows.</param>
    /// <exception cref="InputException">The rows exceed the limit.</exception>
    public static DataRows Generate(GrayDataSpec spec, RandomKey key, long limit = DataFile.DefaultLimit)
    {
        if ((long)spec.Count * spec.Bits > limit)
        {
            throw new InputException(
                $"data.count: {spec.Count} rows of {spec.Bits} bits exceed the limit of {limit} bytes.");
        }

        var shape = PlaneShape.Of(spec.Density);
        var code = shape.CreateCode(spec.Bits);
        var labels = new int[spec.Count];
        var point = new double[2];
        var row = new byte[spec.Bits];
        using var stored = empty([spec.Count, spec.Bits], ScalarType.Byte);
        long next = 0;
        TensorChunks.ForEach(stored, (bytes, _) =>
        {
            foreach (ref var value in bytes)
            {
                // A chunk may end within a row, so rows are not aligned with chunks.
                var (index, column) = Math.DivRem(next++, spec.Bits);
                if (column == 0)
                {
                    var draws = new RowDraws(key, (uint)index);
                    labels[index] = shape.Draw(ref draws, point);
                    code.Encode(point[0], row.AsSpan(0, spec.Bits / 2));
                    code.Encode(point[1], row.AsSpan(spec.Bits / 2));
                }

                value = row[column];
            }
        });
        return new DataRows(stored.alias(), 1, 0, labels, null);
    }

    /// <summary>The Gray code of the spec's points.</summary>
    public static GrayCode CodeOf(GrayDataSpec spec) => PlaneShape.Of(spec.Density).CreateCode(spec.Bits);

    /// <summary>
    /// Entropy of a row, nats: the lower bound of every mean negative log-likelihood. It is the entropy of the density
    /// plus the logarithm of the number of cells per unit of area, accurate if the density hardly changes within a
    /// cell.
    /// </summary>
    public static double Entropy(GrayDataSpec spec) =>
        PlaneShape.Of(spec.Density).ComputeEntropy() + (2 * Math.Log(CodeOf(spec).Scale));
}
