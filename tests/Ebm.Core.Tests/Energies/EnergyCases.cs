using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
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
    ];

    public static IEnergy Create(string name) => name.Split('-') switch
    {
        ["rbm"] => new RbmEnergy(new RbmSpec { Hidden = 4 }, 6),
        ["gaussian", "rbm"] => new GaussianRbmEnergy(new GaussianRbmSpec { Hidden = 4, Sigma = 0.7 }, 6),
        ["mlp", var activation] => MlpEnergy.Create(
            new MlpSpec { Hidden = [8, 5], Activation = Enum.Parse<Activation>(activation) }, 6),
        ["conv", "28"] => ConvEnergy.Create(new ConvSpec(), new ImageShape(1, 28, 28)),
        ["conv", var side] => ConvEnergy.Create(
            new ConvSpec { Features = 4, Activation = Activation.Silu }, new ImageShape(1, int.Parse(side), int.Parse(side))),
        ["resnet", var kind] => ResNetEnergy.Create(
            new ResNetSpec { Channels = [3, 4], Blocks = 2, SpectralNorm = kind == "spectral" }, new ImageShape(3, 5, 8)),
        _ => throw new ArgumentException(name),
    };

    /// <summary>Initial parameters with every entry moved, biases too; float64 unless said otherwise.</summary>
    public static Parameters RandomParameters(IEnergy energy, float scale = 0.3f, ScalarType type = ScalarType.Float64)
    {
        var data = new DataSummary([.. Enumerable.Repeat(0.5f, energy.Space.Features)]);
        using var initial = energy.Initialise(new RandomKey(11), data);
        Noise.On(CPU).AddNormal(initial.view(1, -1), scale, new NoiseSite(new RandomKey(12), 0));
        return new Parameters(energy.Layout, initial.to_type(type, copy: true));
    }

    /// <summary>[rows, features]; 0 or 1 for binary units, else standard normal.</summary>
    public static Tensor RandomStates(IEnergy energy, int rows, ScalarType type = ScalarType.Float64)
    {
        using var states = zeros(rows, energy.Space.Features);
        Noise.On(CPU).AddNormal(states, 1, new NoiseSite(new RandomKey(13), 0));
        using var result = energy.Space.Units == UnitKind.Binary ? states.gt(0) : states.alias();
        return result.to_type(type, copy: true);
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
