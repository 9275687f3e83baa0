namespace Ebm.Data.Generated;

/// <summary>
/// Mixtures of product densities f(x) g(y) in the plane: normalised by construction, and cheap to sum over a grid.
/// </summary>
/// <param name="deviation">Standard deviation of the noise, which sets the grid.</param>
internal sealed class ProductMixture(double deviation)
{
    // Midpoint rule on smooth functions: with five cells per standard deviation the error is far below 1e-6.
    private const int CellsInDeviation = 5, Deviations = 9;

    /// <summary>
    /// Differential entropy, nats, of an equally weighted mixture. Each component is the product of two Gaussian
    /// mixtures with the common deviation, one along x and one along y.
    /// </summary>
    /// <param name="reach">Largest absolute coordinate of a centre.</param>
    /// <param name="components">Centres and their weights, along x and along y.</param>
    public double ComputeEntropy(double reach,
        IReadOnlyList<((double Centre, double Weight)[] X, (double Centre, double Weight)[] Y)> components)
    {
        var cell = deviation / CellsInDeviation;
        var half = (int)Math.Ceiling((reach + (Deviations * deviation)) / cell);
        var density = new double[2 * half, 2 * half];
        foreach (var (x, y) in components)
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
            var p = total / components.Count;
            sum -= p > 0 ? p * Math.Log(p) : 0;
        }

        return sum * cell * cell;
    }

    /// <summary>Density of a Gaussian mixture at the centres of the cells around it.</summary>
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
