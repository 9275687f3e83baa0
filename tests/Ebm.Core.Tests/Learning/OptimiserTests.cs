using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Learning;

public sealed class OptimiserTests
{
    private const double Rate = 0.05;
    private static readonly double[] Start = [0.7, -1.3, 0.02, 5];

    static OptimiserTests() => TorchLibrary.EnsureLoaded();

    public static TheoryData<string, double> Rules => new()
    {
        { "sgd", 0 }, { "sgd", 0.1 }, { "momentum", 0 }, { "momentum", 0.1 },
        { "adam", 0 }, { "adam", 0.1 }, { "adamw", 0 }, { "adamw", 0.1 },
    };

    private static OptimiserSpec Spec(string rule) => rule switch
    {
        "sgd" => new SgdSpec(),
        "momentum" => new SgdSpec { Momentum = 0.9 },
        "adam" => new AdamSpec { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6 },
        _ => new AdamWSpec { Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-6 },
    };

    /// <summary>
    /// A gradient that changes sign and size, and depends on the parameters, so that errors feed back.
    /// </summary>
    private static double Gradient(double parameter, int i, int step) => Math.Sin(3 * i + step) + 0.3 * parameter;

    [Theory]
    [MemberData(nameof(Rules))]
    public void Step_TwentyTimes_EqualsAReferenceInDoublePrecision(string rule, double decay)
    {
        using var parameters = tensor(Start, ScalarType.Float32);
        var optimiser = FlatOptimiser.From(Spec(rule), decay);
        using var state = optimiser.Initialise(parameters);
        var expected = (double[])Start.Clone();
        double[] first = new double[4], second = new double[4];
        for (var step = 1; step <= 20; step++)
        {
            using var gradient = tensor(
                Values(parameters).Select((p, i) => Gradient(p, i, step)).ToArray(), ScalarType.Float32);
            optimiser.Step(parameters, gradient, Rate, state);
            for (var i = 0; i < 4; i++)
            {
                expected[i] = Reference(
                    rule, decay, expected[i], Gradient(expected[i], i, step), step, ref first[i], ref second[i]);
            }
        }

        Assert.Equal(20, state.Step);
        Assert.All(Values(parameters).Zip(expected), p => Assert.Equal(p.Second, p.First, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Step_TwentyTimes_EqualsTorchsOwnOptimiser(string rule, double decay)
    {
        using var parameters = tensor(Start, ScalarType.Float32);
        using var theirs = new Parameter(tensor(Start, ScalarType.Float32));
        using optim.Optimizer reference = rule switch
        {
            "sgd" => optim.SGD([theirs], Rate, weight_decay: decay),
            "momentum" => optim.SGD([theirs], Rate, momentum: 0.9, weight_decay: decay),
            "adam" => optim.Adam([theirs], Rate, 0.8, 0.95, 1e-6, decay),
            _ => optim.AdamW([theirs], Rate, 0.8, 0.95, 1e-6, decay),
        };
        var optimiser = FlatOptimiser.From(Spec(rule), decay);
        using var state = optimiser.Initialise(parameters);
        for (var step = 1; step <= 20; step++)
        {
            using var gradient = tensor(
                Enumerable.Range(0, 4).Select(i => Gradient(0, i, step)).ToArray(), ScalarType.Float32);
            theirs.grad = gradient.clone();
            optimiser.Step(parameters, gradient, Rate, state);
            reference.step();
        }

        Assert.All(Values(parameters).Zip(Values(theirs)), p => Assert.Equal(p.Second, p.First, 2e-6));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Step_FromARestoredState_GivesTheSameBits(string rule, double decay)
    {
        var optimiser = FlatOptimiser.From(Spec(rule), decay);
        using var through = tensor(Start, ScalarType.Float32);
        using var state = optimiser.Initialise(through);
        using var gradient = tensor(Start.Reverse().ToArray(), ScalarType.Float32);
        optimiser.Step(through, gradient, Rate, state);

        using var resumed = through.clone();
        using var copy = new OptimiserState(
            state.Step, state.Tensors.Select(t => KeyValuePair.Create(t.Key, t.Value.clone())));
        optimiser.Step(through, gradient, Rate, state);
        optimiser.Step(resumed, gradient, Rate, copy);

        Assert.Equal(Values(through), Values(resumed));
        Assert.Equal(optimiser.StateNames.Order(), copy.Tensors.Keys);
    }

    private static double[] Values(Tensor t)
    {
        using var d = t.detach().to(ScalarType.Float64);
        return d.data<double>().ToArray();
    }

    private static double Reference(string rule, double decay, double p, double g, int t, ref double m, ref double v)
    {
        if (rule == "adamw")
        {
            p -= Rate * decay * p;
        }
        else
        {
            g += decay * p;
        }

        if (rule is "sgd" or "momentum")
        {
            m = (rule == "sgd" ? 0 : 0.9) * m + g;
            return p - Rate * m;
        }

        m = 0.8 * m + 0.2 * g;
        v = 0.95 * v + 0.05 * g * g;
        return p - Rate * (m / (1 - Math.Pow(0.8, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.95, t))) + 1e-6);
    }
}
