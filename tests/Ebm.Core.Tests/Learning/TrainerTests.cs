using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Learning;

public sealed class TrainerTests
{
    private static readonly ParameterLayout Layout =
        new(("weight", [2, 3]), ("visible.bias", [2]), ("hidden.bias", [3]));

    static TrainerTests() => TorchLibrary.EnsureLoaded();

    private static RunSpec Spec(LearningSpec learning, bool centred = false) => new()
    {
        Name = "test",
        Data = new ToyDataSpec { Density = ToyDensity.TwoMoons },
        Energy = new RbmSpec { Hidden = 3, Centred = centred, OffsetRate = 0.25 },
        Sampler = new GibbsSpec(),
        Learning = learning,
    };

    private static PhaseSum Sum(float scale, float energy = 2, float? poison = null, int at = 9)
    {
        var gradient = arange(11, ScalarType.Float32).mul_(scale);
        if (poison is { } value)
        {
            gradient[at] = tensor(value);
        }

        using var energies = tensor(new[] { energy, energy + 2 });
        return PhaseSum.Of(gradient, energies);
    }

    private static TrainerState Start(Trainer trainer)
    {
        using var parameters = ones(11);
        return trainer.Initialise(parameters, new DataSummary([0.5f, 0.25f]), CPU);
    }

    private static readonly ChainMetrics Chains = new(64, double.NaN, 3.5, 2, double.NaN, 4, 0);

    [Fact]
    public void Apply_Sgd_DescendsAndKeepsThePreviousVersion()
    {
        var trainer = new Trainer(
            Layout,
            TrainerOptions.Of(
                Spec(new LearningSpec { Optimiser = new SgdSpec { Rate = 0.1 }, Ema = 0.9 }), 10, 2));
        using var state = Start(trainer);
        using PhaseSum data = Sum(3), negatives = Sum(-1, energy: 5);

        var (metrics, previous, _) = trainer.Apply(state, data, negatives, Chains);

        Assert.All(Values(previous), p => Assert.Equal(1, p));
        Assert.All(Values(state.Parameters).Select((p, i) => (p, i)), x => Assert.Equal(1 - 0.2 * x.i, x.p, 1e-6));
        Assert.All(Values(state.Average!).Select((p, i) => (p, i)), x => Assert.Equal(1 - 0.02 * x.i, x.p, 1e-6));
        Assert.Equal(1, state.Version);
        Assert.Equal((1L, 3.0, 6.0, -3.0), (metrics.Round, metrics.EnergyData, metrics.EnergyNegatives, metrics.Gap));
        Assert.Equal(2 * Math.Sqrt(385), metrics.GradientNorm, 1e-9);
        Assert.Equal((null, 3.5, 4), (metrics.Acceptance, metrics.StateGradientNorm, metrics.Reinitialised));
        previous.Dispose();
    }

    [Fact]
    public void Apply_LongGradientWithAClip_MovesExactlyAsFarAsTheClip()
    {
        var learning = new LearningSpec { Optimiser = new SgdSpec { Rate = 1 }, GradientClip = 0.5 };
        var trainer = new Trainer(Layout, TrainerOptions.Of(Spec(learning), 10, 2));
        using var state = Start(trainer);
        using PhaseSum data = Sum(3), negatives = Sum(-1);

        trainer.Apply(state, data, negatives, Chains).Previous.Dispose();

        Assert.Equal(0.5, Math.Sqrt(Values(state.Parameters).Sum(p => (p - 1) * (p - 1))), 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Apply_NonFiniteGradient_NamesTheTensorAndChangesNothing(float poison)
    {
        var trainer = new Trainer(
            Layout, TrainerOptions.Of(Spec(new LearningSpec { Ema = 0.9 }, centred: true), 10, 2));
        using var state = Start(trainer);
        using PhaseSum data = Sum(3, poison: poison), negatives = Sum(-1);

        var error = Assert.Throws<NonFiniteException>(() => trainer.Apply(state, data, negatives, Chains));

        Assert.Contains(
            "Round 1: the gradient of 'hidden.bias' (1 of 3 elements)", error.Message, StringComparison.Ordinal);
        Assert.Equal((0, 0), (state.Version, state.Optimiser.Step));
        Assert.All(Values(state.Parameters), p => Assert.Equal(1, p));
        Assert.All(Values(state.Offsets!.Hidden), p => Assert.Equal(0.5f, p));
    }

    [Fact]
    public void Apply_HugeButFiniteGradient_IsMeasuredWithoutOverflow()
    {
        var trainer = new Trainer(Layout, TrainerOptions.Of(Spec(new LearningSpec { GradientClip = 1 }), 10, 2));
        using var state = Start(trainer);
        using PhaseSum data = Sum(1, poison: 1e30f), negatives = Sum(-1);

        var (metrics, previous, _) = trainer.Apply(state, data, negatives, Chains);

        Assert.Equal(1e30, metrics.GradientNorm, 1e24);
        previous.Dispose();
    }

    [Fact]
    public void Apply_NonFiniteEnergyOrState_ReportsThePlace()
    {
        var trainer = new Trainer(Layout, TrainerOptions.Of(Spec(new LearningSpec()), 10, 2));
        using var state = Start(trainer);
        using PhaseSum data = Sum(3, energy: float.NegativeInfinity), negatives = Sum(-1);

        Assert.Contains("energy of the data is -Infinity",
            Assert.Throws<NonFiniteException>(() => trainer.Apply(state, data, negatives, Chains)).Message,
            StringComparison.Ordinal);
        Assert.Contains("7 of 64 chains",
            Assert.Throws<NonFiniteException>(
                () => trainer.Apply(state, data, negatives, Chains with { NonFinite = 7 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_ParametersThatOverflow_ReportsThem()
    {
        var trainer = new Trainer(
            Layout, TrainerOptions.Of(Spec(new LearningSpec { Optimiser = new SgdSpec { Rate = 1000 } }), 10, 2));
        using var state = Start(trainer);
        using PhaseSum data = Sum(1, poison: 3e38f), negatives = Sum(-1);

        var error = Assert.Throws<NonFiniteException>(() => trainer.Apply(state, data, negatives, Chains));
        Assert.Contains("updated value of 'hidden.bias'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_OfChainMetrics_WeighsMeansByChains()
    {
        var sum = ChainMetrics.Add(new(10, 0.5, 2, 1, 0.5, 1, 0), new(30, 0.9, 4, 5, 0.1, 2, 3));
        Assert.Equal(new ChainMetrics(40, 0.8, 3.5, 4, 0.2, 3, 3), sum);
    }

    [Fact]
    public void Add_OfPhaseSums_AddsGradientsEnergiesAndRows()
    {
        using var sum = PhaseSum.Add(Sum(1), Sum(2));
        Assert.Equal(Enumerable.Range(0, 11).Select(i => 3f * i), Values(sum.Gradient));
        Assert.Equal((12.0, 4, 2), (sum.Energy.item<double>(), sum.Rows, sum.Energies.Count));
    }

    private static float[] Values(Tensor t) => t.data<float>().ToArray();
}
