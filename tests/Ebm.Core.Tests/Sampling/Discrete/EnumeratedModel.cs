namespace Ebm.Core.Tests.Sampling.Discrete;

/// <summary>
/// A discrete model small enough to enumerate, in float64 and written by hand: none of its numbers come from the code
/// under test. State number k has the digits of k, the first unit's the lowest, each below
/// <paramref name="Categories"/>.
/// </summary>
/// <param name="Units">Units of a state.</param>
/// <param name="Categories">Values of a unit; 2 for binary ones.</param>
/// <param name="Energy">E(x).</param>
/// <param name="Slope">
/// dE/dx_i of binary units, where the category is ignored; of categorical ones the derivative in the one-hot
/// entry (unit, category).
/// </param>
internal sealed record EnumeratedModel(
    int Units, int Categories, Func<int[], double> Energy, Func<int[], int, int, double> Slope)
{
    private double[]? _distribution;

    /// <summary>Number of states.</summary>
    public int Count { get; } = (int)Math.Pow(Categories, Units);

    /// <summary>exp(-E) / Z of each state.</summary>
    public double[] Distribution =>
        _distribution ??= Normalised([.. Enumerable.Range(0, Count).Select(k => -Energy(State(k)))]);

    /// <summary>State number <paramref name="k"/>.</summary>
    public int[] State(int k)
    {
        var state = new int[Units];
        for (var i = 0; i < Units; i++, k /= Categories)
        {
            state[i] = k % Categories;
        }

        return state;
    }

    /// <summary>First-order gain in log p of giving a unit a category.</summary>
    public double Gain(int[] x, int unit, int category) => Categories == 2
        ? category == x[unit] ? 0 : -(1 - (2 * x[unit])) * Slope(x, unit, 0)
        : Slope(x, unit, x[unit]) - Slope(x, unit, category);

    /// <summary>Resamples the units one after the other, each from its conditional distribution.</summary>
    public double[][] Scan(params IReadOnlyList<int> order)
    {
        var conditionals = order.Select(Conditional).ToArray();
        var scan = new double[Count][];
        for (var from = 0; from < Count; from++)
        {
            var row = new double[Count];
            row[from] = 1;
            for (var step = 0; step < conditionals.Length; step++)
            {
                // All states that differ in the unit alone redistribute their probability.
                var (next, stride) = (new double[Count], (int)Math.Pow(Categories, order[step]));
                for (var k = 0; k < Count; k++)
                {
                    if (row[k] != 0)
                    {
                        var first = k - (k / stride % Categories * stride);
                        for (var c = 0; c < Categories; c++)
                        {
                            next[first + (c * stride)] += row[k] * conditionals[step][first + (c * stride)];
                        }
                    }
                }

                row = next;
            }

            scan[from] = row;
        }

        return scan;
    }

    /// <summary>Resamples one unit from its conditional distribution.</summary>
    public double[][] Resample(int unit) => Scan(unit);

    /// <summary>Proposals of Gibbs with gradients.</summary>
    public double[][] SingleChangeProposal(double balance) => Matrix((x, y) =>
    {
        if (Differing(x, y).ToArray() is not [var unit])
        {
            return 0;
        }

        var sum = 0.0;
        for (var i = 0; i < Units; i++)
        {
            for (var c = 0; c < Categories; c++)
            {
                sum += c == x[i] ? 0 : Math.Exp(balance * Gain(x, i, c));
            }
        }

        return Math.Exp(balance * Gain(x, unit, y[unit])) / sum;
    });

    /// <summary>Proposals of discrete Langevin dynamics: binary units lie 1 apart, one-hot vectors sqrt(2).</summary>
    public double[][] Langevin(double balance, double step)
    {
        var squaredDistance = Categories == 2 ? 1 : 2;
        return Matrix((x, y) =>
        {
            var product = 1.0;
            for (var i = 0; i < Units; i++)
            {
                var logs = new double[Categories];
                for (var c = 0; c < Categories; c++)
                {
                    logs[c] = c == x[i] ? 0 : (balance * Gain(x, i, c)) - (squaredDistance / (2 * step));
                }

                product *= Normalised(logs)[y[i]];
            }

            return product;
        });
    }

    /// <summary>Proposals accepted with probability min(1, p(y) q(y, x) / (p(x) q(x, y))).</summary>
    public double[][] Adjusted(double[][] proposal)
    {
        var matrix = new double[Count][];
        for (var x = 0; x < Count; x++)
        {
            matrix[x] = new double[Count];
            for (var y = 0; y < Count; y++)
            {
                if (y != x && proposal[x][y] > 0)
                {
                    matrix[x][y] = Math.Min(proposal[x][y], Distribution[y] / Distribution[x] * proposal[y][x]);
                }
            }

            matrix[x][x] = 1 - matrix[x].Sum();
        }

        return matrix;
    }

    /// <summary>A distribution after one transition.</summary>
    public static double[] Next(double[] distribution, double[][] matrix)
    {
        var next = new double[distribution.Length];
        for (var i = 0; i < distribution.Length; i++)
        {
            for (var k = 0; k < distribution.Length; k++)
            {
                next[k] += distribution[i] * matrix[i][k];
            }
        }

        return next;
    }

    /// <summary>Of each state the probability of the unit's value given the other units.</summary>
    private double[] Conditional(int unit)
    {
        var conditional = new double[Count];
        for (var k = 0; k < Count; k++)
        {
            var logs = new double[Categories];
            var state = State(k);
            var value = state[unit];
            for (var c = 0; c < Categories; c++)
            {
                state[unit] = c;
                logs[c] = -Energy(state);
            }

            conditional[k] = Normalised(logs)[value];
        }

        return conditional;
    }

    private double[][] Matrix(Func<int[], int[], double> entry)
    {
        var states = Enumerable.Range(0, Count).Select(State).ToArray();
        return [.. states.Select(x => states.Select(y => entry(x, y)).ToArray())];
    }

    private static IEnumerable<int> Differing(int[] x, int[] y) =>
        Enumerable.Range(0, x.Length).Where(i => x[i] != y[i]);

    private static double[] Normalised(double[] logs)
    {
        var highest = logs.Max();
        double[] weights = [.. logs.Select(l => Math.Exp(l - highest))];
        var sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }
}
