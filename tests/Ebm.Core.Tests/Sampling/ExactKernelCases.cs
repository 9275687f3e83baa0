using Ebm.Core.Energies;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling;

/// <summary>What a transition matrix keeps of the model's law.</summary>
internal enum Keeps
{
    /// <summary>Nothing: a kernel that is not adjusted has a law of its own.</summary>
    Nothing,

    /// <summary>The law, but not detailed balance: a scan in a fixed order.</summary>
    Law,

    /// <summary>Detailed balance.</summary>
    Balance,
}

/// <summary>A kernel on a model, and the matrix that it ought to draw from.</summary>
internal sealed record ExactKernel(
    EnumeratedModel Model, IEnergy Energy, Parameters Parameters, SamplerSpec Sampler, double[][] Matrix, Keeps Keeps) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

/// <summary>Every discrete kernel on models of every kind of unit and coupling.</summary>
internal static class ExactKernelCases
{
    private const double Balance = 0.5;

    private static readonly string[] Models = ["rbm"];

    private static readonly string[] Kernels = ["gibbs", "gwg", "dmala-0.2", "dmala-4", "dula-0.7"];

    /// <summary>Model and kernel.</summary>
    public static IEnumerable<string> Names => Models.SelectMany(m => Kernels.Select(k => $"{m} {k}"));

    public static ExactKernel Create(string name)
    {
        var (modelName, kernel) = (name.Split(' ')[0], name.Split(' ')[1].Split('-'));
        var (energy, parameters, model, scan, keeps) = Model(modelName);
        var step = kernel.Length > 1 ? double.Parse(kernel[1]) : 0;
        return kernel[0] switch
        {
            "gibbs" => new(model, energy, parameters, new GibbsSpec(), scan, keeps),
            "gwg" => new(model, energy, parameters, new GwgSpec(), model.Adjusted(model.OneChange(Balance)), Keeps.Balance),
            "dmala" => new(model, energy, parameters, new DmalaSpec { StepSize = step, Adapt = false },
                model.Adjusted(model.Langevin(Balance, step)), Keeps.Balance),
            "dula" => new(model, energy, parameters, new DulaSpec { StepSize = step }, model.Langevin(Balance, step), Keeps.Nothing),
            _ => throw new ArgumentException(name),
        };
    }

    private static (IEnergy, Parameters, EnumeratedModel, double[][] Scan, Keeps) Model(string name) => name switch
    {
        "rbm" => Rbm(),
        _ => throw new ArgumentException(name),
    };

    private static (IEnergy, Parameters, EnumeratedModel, double[][], Keeps) Rbm()
    {
        const int Visible = 3, Hidden = 2;
        var energy = new RbmEnergy(new RbmSpec { Hidden = Hidden }, Visible);
        var p = EnergyCases.RandomParameters(energy, 0.8f, ScalarType.Float32);
        var (w, b, c) = (EnergyCases.Values(p[0]), EnergyCases.Values(p[1]), EnergyCases.Values(p[2]));
        double Input(int[] v, int j) => c[j] + v.Select((x, i) => x * w[(i * Hidden) + j]).Sum();
        double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
        var model = new EnumeratedModel(
            Visible,
            2,
            v => -v.Select((x, i) => x * b[i]).Sum() - Enumerable.Range(0, Hidden).Sum(j => Math.Log(1 + Math.Exp(Input(v, j)))),
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
                        Sigmoid(((2 * x) - 1) * (b[i] + Enumerable.Range(0, Hidden).Sum(j => ((h >> j) & 1) * w[(i * Hidden) + j])))).Aggregate((s, t) => s * t);
                }
            }
        }

        return (energy, p, model, sweep, Keeps.Balance);
    }
}
