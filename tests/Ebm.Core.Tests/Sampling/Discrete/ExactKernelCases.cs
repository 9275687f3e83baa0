using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling.Discrete;

/// <summary>What a transition matrix preserves.</summary>
internal enum Keeps
{
    /// <summary>Nothing: an unadjusted kernel has another stationary distribution.</summary>
    Nothing,

    /// <summary>The distribution, but not detailed balance: a scan in a fixed order.</summary>
    Distribution,

    /// <summary>Detailed balance.</summary>
    Balance,
}

/// <summary>
/// A kernel on a model, and the matrix that it ought to draw from; of an energy with two classes, model and matrix of
/// one of them.
/// </summary>
internal sealed record ExactKernel(
    EnumeratedModel Model, IEnergy Energy, Parameters Parameters, SamplerSpec Sampler, double[][] Matrix, Keeps Keeps,
    int? Class = null) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

/// <summary>Every discrete kernel on models of every kind of unit and coupling.</summary>
internal static class ExactKernelCases
{
    private const double Balance = 0.5;

    private static readonly string[] Pairwise = ["ising-free", "ising-full", "potts-free", "potts-full"];

    private static readonly string[] Informed = ["gwg", "dmala-0.2", "dmala-4", "dula-0.7"];

    /// <summary>
    /// Model and kernel; the gradient's kernels on one model of each kind of unit, Gibbs on every kind of scan.
    /// </summary>
    public static IEnumerable<string> Names =>
    [
        "rbm gibbs", "rbm-0 gibbs", "rbm-1 gibbs", "rbm-1 gwg", "rbm-1 dmala-4", .. Pairwise.Select(m => $"{m} gibbs"),
        "ising-torus gibbs",
        .. new[] { "rbm", "ising-full", "potts-full" }.SelectMany(m => Informed.Select(k => $"{m} {k}")),
    ];

    public static ExactKernel Create(string name)
    {
        var (modelName, kernel) = (name.Split(' ')[0], name.Split(' ')[1].Split('-'));
        var (energy, parameters, model, scan, keeps) = Model(modelName);
        var step = kernel.Length > 1 ? double.Parse(kernel[1]) : 0;
        ExactKernel created = kernel[0] switch
        {
            "gibbs" => new(model, energy, parameters, new GibbsSpec(), scan, keeps),
            "gwg" => new(
                model, energy, parameters, new GwgSpec(), model.Adjusted(model.SingleChangeProposal(Balance)),
                Keeps.Balance),
            "dmala" => new(model, energy, parameters, new DmalaSpec { StepSize = step, Adapt = false },
                model.Adjusted(model.Langevin(Balance, step)), Keeps.Balance),
            "dula" => new(
                model, energy, parameters, new DulaSpec { StepSize = step }, model.Langevin(Balance, step),
                Keeps.Nothing),
            _ => throw new ArgumentException(name),
        };
        return created with { Class = energy.Classes == 0 ? null : int.Parse(modelName.Split('-')[1]) };
    }

    private static (IEnergy, Parameters, EnumeratedModel, double[][] Scan, Keeps) Model(string name) => name switch
    {
        "rbm" => Rbm(null),
        "rbm-0" => Rbm(0),
        "rbm-1" => Rbm(1),
        "ising-free" =>
            Pairs(
                new IsingSpec { Lattice = [2, 3], Boundary = Boundary.Free, LearnField = true }, 6, Checkerboard(2, 3)),
        "ising-torus" => Pairs(new IsingSpec { Lattice = [3, 3], LearnField = true }, 9, [0, 5, 7, 1, 3, 8, 2, 4, 6]),
        "ising-full" => Pairs(new IsingSpec { LearnField = true }, 4, [0, 1, 2, 3]),
        "potts-free" =>
            Pairs(
                new PottsSpec { Categories = 3, Lattice = [2, 2], Boundary = Boundary.Free, LearnField = true }, 4,
                Checkerboard(2, 2)),
        "potts-full" => Pairs(new PottsSpec { Categories = 3, LearnField = true }, 3, [0, 1, 2]),
        _ => throw new ArgumentException(name),
    };

    /// <summary>Of a machine with two classes that of class <paramref name="y"/>: the biases are its own.</summary>
    private static (IEnergy, Parameters, EnumeratedModel, double[][], Keeps) Rbm(int? y)
    {
        const int Visible = 3, Hidden = 2;
        var energy = new RbmEnergy(new RbmSpec { Hidden = Hidden, Classes = y is null ? null : 2 }, Visible);
        var p = EnergyCases.RandomParameters(energy, 0.8f, ScalarType.Float32);
        double[] Biases(int shared, int ofClass) => y is { } row
            ? [.. EnergyCases.Values(p[shared]).Zip(EnergyCases.Values(p[ofClass][row]), (a, b) => a + b)]
            : EnergyCases.Values(p[shared]);
        var (w, b, c) = (EnergyCases.Values(p[0]), Biases(1, 3), Biases(2, 4));
        double Input(int[] v, int j) => c[j] + v.Select((x, i) => x * w[(i * Hidden) + j]).Sum();
        double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
        var model = new EnumeratedModel(
            Visible,
            2,
            v => -v.Select((x, i) => x * b[i]).Sum() - Enumerable.Range(0, Hidden)
                .Sum(j => Math.Log(1 + Math.Exp(Input(v, j)))),
            (v, i, _) => -b[i] - Enumerable.Range(0, Hidden).Sum(j => w[(i * Hidden) + j] * Sigmoid(Input(v, j))));

        // v -> h -> v, the hidden states summed out.
        var sweep = new double[model.Count][];
        for (var from = 0; from < model.Count; from++)
        {
            sweep[from] = new double[model.Count];
            for (var h = 0; h < 1 << Hidden; h++)
            {
                var path = 1.0;
                for (var j = 0; j < Hidden; j++)
                {
                    path *= Sigmoid(((2 * ((h >> j) & 1)) - 1) * Input(model.State(from), j));
                }

                for (var to = 0; to < model.Count; to++)
                {
                    sweep[from][to] += path * model.State(to).Select((x, i) =>
                        Sigmoid(((2 * x) - 1) * (b[i] + Enumerable.Range(0, Hidden)
                            .Sum(j => ((h >> j) & 1) * w[(i * Hidden) + j])))).Aggregate((s, t) => s * t);
                }
            }
        }

        return (energy, p, model, sweep, Keeps.Balance);
    }

    /// <summary>Units of an even lattice, the first colour first.</summary>
    private static int[] Checkerboard(int height, int width) =>
        [.. Enumerable.Range(0, height * width).OrderBy(k => ((k / width) + (k % width)) % 2)];

    private static (IEnergy, Parameters, EnumeratedModel, double[][], Keeps) Pairs(
        PairwiseSpec spec, int units, int[] order)
    {
        var energy = EnergyFactory.Create(spec, units);
        var p = EnergyCases.RandomParameters(energy, 0.5f, ScalarType.Float32);
        var values = EnergyCases.Values(p.Flat);
        var categories = (spec as PottsSpec)?.Categories ?? 2;
        var field = values[^(units * (spec is PottsSpec ? categories : 1))..];
        var couplings = HandCouplings(spec, units, categories, values);

        // The energy as it is written down, pair by pair.
        double Field(int i, int c) => spec is PottsSpec ? field[(i * categories) + c] : ((2 * c) - 1) * field[i];
        double EnergyOf(int[] x) =>
            -couplings.Sum(pair => pair.J(x[pair.A], x[pair.B])) - x.Select((c, i) => Field(i, c)).Sum();

        // Both are linear in each unit: a slope is a difference.
        double Slope(int[] x, int unit, int category)
        {
            int[] With(int c) => [.. x.Select((other, i) => i == unit ? c : other)];
            return spec is PottsSpec ? EnergyOf(With(category)) : EnergyOf(With(1)) - EnergyOf(With(0));
        }

        var model = new EnumeratedModel(units, categories, EnergyOf, Slope);
        return (energy, p, model, model.Scan(order), Keeps.Distribution);
    }

    private static List<(int A, int B, Func<int, int, double> J)> HandCouplings(
        PairwiseSpec spec, int units, int categories, double[] values)
    {
        var pairs = new List<(int, int, Func<int, int, double>)>();
        var next = 0;
        Func<int, int, double> Scalar(double j) =>
            spec is PottsSpec ? (a, b) => a == b ? j : 0 : (a, b) => j * ((2 * a) - 1) * ((2 * b) - 1);
        if (spec.Lattice is [var height, var width])
        {
            var torus = spec.Boundary == Boundary.Torus;
            foreach (var (down, right) in new[] { (0, 1), (1, 0) })
            {
                for (var i = 0; i < height - (torus ? 0 : down); i++)
                {
                    for (var j = 0; j < width - (torus ? 0 : right); j++)
                    {
                        pairs.Add(((i * width) + j, ((i + down) % height * width) + ((j + right) % width),
                            Scalar(values[next++])));
                    }
                }
            }

            return pairs;
        }

        // Row by row of the matrix: all of unit i's categories, each against every later unit's.
        for (var i = 0; i < units; i++)
        {
            var (first, later) = (next, units - i - 1);
            for (var k = 0; k < later; k++)
            {
                var place = k;
                pairs.Add((i, i + 1 + k, spec is PottsSpec
                    ? (a, b) => values[first + (a * later * categories) + (place * categories) + b]
                    : Scalar(values[first + k])));
            }

            next += spec is PottsSpec ? later * categories * categories : later;
        }

        return pairs;
    }
}
