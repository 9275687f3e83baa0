namespace Ebm.Data.Generated;

/// <summary>
/// Densities that are means of products f(x) g(y): normalised by construction, and quick to sum over a grid.
/// </summary>
/// <param name="deviation">Standard deviation of the noise, which sets the grid.</param>
internal sealed class Blobs(double deviation)
{
    // The midpoint rule on smooth functions: with five cells in a deviation its error is far below 1e-6.
    private const int CellsInDeviation = 5, Deviations = 9;

    /// <summary>
    /// Differential entropy of a mean of blobs, each the product of two profiles: a mean of Gaussians of the common
    /// deviation along x, and one along y.
    /// </summary>
    /// <param name="reach">No centre lies farther out in a coordinate.</param>
    /// <param name="blobs">Centres and their weights, along x and along y.</param>
    public double Entropy(
        double reach, IReadOnlyList<((double Centre, double Weight)[] X, (double Centre, double Weight)[] Y)> blobs)
    {
        var cell = deviation / CellsInDeviation;
        var half = (int)Math.Ceiling((reach + (Deviations * deviation)) / cell);
        var density = new double[2 * half, 2 * half];
        foreach (var (x, y) in blobs)
        {
            var (columns, rows) = (Profile(x, half, cell), Profile(y, half, cell));
            for (var i = 0; i < rows.Values.Length; i++)
            {
                for (var j = 0; j < columns.Values.Length; j++)
                {
                    density[rows.First + i, columns.First + j] += rows.Values[i] * columns.Values[j];
                }
            }
        }

        var sum = 0.0;
        foreach (var total in density)
        {
            var p = total / blobs.Count;
            sum -= p > 0 ? p * Math.Log(p) : 0;
        }

        return sum * cell * cell;
    }

    /// <summary>A mean of Gaussians at the middles of the cells around it.</summary>
    private (int First, double[] Values) Profile((double Centre, double Weight)[] parts, int half, double cell)
    {
        var margin = Deviations * deviation;
        var first = (int)Math.Floor((parts.Min(p => p.Centre) - margin) / cell) + half;
        var last = (int)Math.Ceiling((parts.Max(p => p.Centre) + margin) / cell) + half;
        (first, last) = (Math.Max(first, 0), Math.Min(last, 2 * half));
        var values = new double[last - first];
        for (var i = 0; i < values.Length; i++)
        {
            var at = (first + i - half + 0.5) * cell;
            foreach (var (centre, weight) in parts)
            {
                var z = (at - centre) / deviation;
                values[i] += weight * Math.Exp(-z * z / 2);
            }

            values[i] /= deviation * Math.Sqrt(Math.Tau);
        }

        return (first, values);
    }
}
