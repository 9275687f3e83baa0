using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Layers;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies.Bases;
using Ebm.Core.Tests.Energies.TorchScript;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>Small instances of every energy, with keyed random parameters and states.</summary>
internal static class EnergyCases
{
    static EnergyCases() => TorchLibrary.EnsureLoaded();

    /// <summary>One name for each energy and each of its layers' variants.</summary>
    public static TheoryData<string> All =>
    [
        "rbm",
        "gaussian-rbm",
        "ising-free",
        "ising-torus",
        "ising-full",
        "potts-free",
        "potts-torus",
        "potts-full",
        "mlp-Silu",
        "mlp-Relu",
        "mlp-Tanh",
        "mlp-Softplus",
        "mlp-LeakyRelu",
        "conv-8",
        "conv-7",
        "conv-28",
        "resnet-plain",
        "resnet-spectral",
        "torchscript",
        "autograd",
        "sequence-Conv",
        "sequence-Attention",
        "based",
    ];

    public static IEnergy Create(string name) => name.Split('-') switch
    {
        ["rbm"] => new RbmEnergy(new RbmSpec { Hidden = 4 }, 6),
        ["gaussian", "rbm"] => new GaussianRbmEnergy(new GaussianRbmSpec { Hidden = 4, Sigma = 0.7 }, 6),
        ["ising" or "potts", var shape] =>
            EnergyFactory.Create(Pairwise(name.Split('-')[0], shape), shape == "torus" ? 9 : 6),
        ["mlp", var activation] => MlpEnergy.Create(
            new MlpSpec { Hidden = [8, 5], Activation = Enum.Parse<Activation>(activation) }, 6),
        ["conv", "28"] => ConvEnergy.Create(new ConvSpec(), new ImageShape(1, 28, 28)),
        ["conv", var side] => ConvEnergy.Create(
            new ConvSpec { Features = 4, Activation = Activation.Silu },
            new ImageShape(1, int.Parse(side), int.Parse(side))),
        ["resnet", var kind] => ResNetEnergy.Create(
            new ResNetSpec { Channels = [3, 4], Blocks = 2, SpectralNorm = kind == "spectral" },
            new ImageShape(3, 5, 8)),
        ["autograd"] => new HandwrittenMlp(6),
        ["torchscript"] => ScriptEnergy.Open(new TorchScriptSpec { Path = Modules.Base }, 2),
        ["sequence", var layers] => SequenceEnergy.Create(
            new SequenceSpec { Layers = Enum.Parse<SequenceLayers>(layers), Width = 6, Kernel = 3, Heads = 2 }, 5, 4),
        ["based"] => new EnergyOverBase(MlpEnergy.Create(
            new MlpSpec { Hidden = [8], Units = NetworkUnits.Binary }, 5), BaseCases.Create("binary-mean")),
        _ => throw new ArgumentException(name),
    };

    private static EnergySpec Pairwise(string kind, string shape)
    {
        int[]? lattice = shape switch { "free" => [2, 3], "torus" => [3, 3], _ => null };
        var boundary = shape == "free" ? Boundary.Free : Boundary.Torus;
        return kind == "ising"
            ? new IsingSpec { Lattice = lattice, Boundary = boundary, LearnField = true }
            : new PottsSpec { Categories = 3, Lattice = lattice, Boundary = boundary, LearnField = true };
    }

    /// <summary>Initial parameters with every entry moved, biases too; float64 unless said otherwise.</summary>
    public static Parameters RandomParameters(IEnergy energy, float scale = 0.3f, ScalarType type = ScalarType.Float64)
    {
        var data = new DataSummary([.. Enumerable.Repeat(0.5f, energy.Space.Features)]);
        using var initial = energy.Initialise(new RandomKey(11), data);
        NoiseFactory.On(CPU).AddNormal(initial.view(1, -1), scale, new NoiseSite(new RandomKey(12), 0));
        return new Parameters(energy.Layout, initial.to_type(type, copy: true));
    }

    /// <summary>
    /// [rows, features]; 0 or 1 for binary units, category numbers for categorical ones, else standard normal.
    /// </summary>
    public static Tensor RandomStates(IEnergy energy, int rows, ScalarType type = ScalarType.Float64)
    {
        using var states = zeros(rows, energy.Space.Features);
        NoiseFactory.On(CPU).AddNormal(states, 1, new NoiseSite(new RandomKey(13), 0));
        using var result = energy.Space.Units switch
        {
            UnitKind.Binary => states.gt(0),
            UnitKind.Categorical => states.abs().mul(100).floor().remainder(energy.Space.Categories),
            _ => states.alias(),
        };
        return result.to_type(type, copy: true);
    }

    /// <summary>
    /// What the gradient in the states is taken in: the states, of categorical units one-hot [rows, features *
    /// categories].
    /// </summary>
    public static Tensor Encoded(IEnergy energy, Tensor states) => energy.Space.Units == UnitKind.Categorical
        ? nn.functional.one_hot(
            states.to_type(ScalarType.Int64), energy.Space.Categories).flatten(1).to_type(states.dtype)
        : states;

    /// <summary>The energy continued to all real values of that encoding.</summary>
    public static Tensor EnergyOfEncoded(IEnergy energy, Parameters p, Tensor encoded)
    {
        if (energy.Space.Units != UnitKind.Categorical)
        {
            return energy.Energy(p, encoded);
        }

        var (positions, width) = (energy.Space.Features, p[0].shape[1]);
        var embedded = encoded.view(-1, positions, energy.Space.Categories).matmul(p[0]).add(p[1]).view(-1, width);
        return Output(((LayeredEnergy)energy).Stages.Skip(1), p, 2, embedded);
    }

    /// <summary>The output of stages whose parameters begin at a position of the layout, for autograd.</summary>
    public static Tensor Output(IEnumerable<IStage> stages, Parameters p, int first, Tensor x)
    {
        foreach (var stage in stages)
        {
            Tensor[] own = [.. stage.Parameters.Select(
                (parameter, i) =>
                    parameter.IsNormalised ? SpectralNormalisation.Apply(p[first + i], first + i) : p[first + i])];
            x = stage.Forward(x, own);
            first += own.Length;
        }

        return x.squeeze(1);
    }

    public static double[] Values(Tensor tensor)
    {
        using var plain = tensor.to_type(ScalarType.Float64).reshape(-1);
        return [.. plain.data<double>()];
    }

    /// <summary>Every row of the binary cube {0, 1}^units, float64.</summary>
    public static Tensor Cube(int units)
    {
        var values = new double[1 << units, units];
        for (var i = 0; i < 1 << units; i++)
        {
            for (var k = 0; k < units; k++)
            {
                values[i, k] = (i >> k) & 1;
            }
        }

        return tensor(values);
    }

    public static void AssertClose(Tensor expected, Tensor actual, double tolerance)
    {
        var (a, b) = (Values(expected), Values(actual));
        Assert.Equal(a.Length, b.Length);
        var scale = 1 + a.Max(Math.Abs);
        for (var i = 0; i < a.Length; i++)
        {
            Assert.True(Math.Abs(a[i] - b[i]) <= tolerance * scale, $"[{i}] expected {a[i]}, got {b[i]}");
        }
    }
}
