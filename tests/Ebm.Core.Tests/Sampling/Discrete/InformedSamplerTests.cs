using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling.Discrete;

public sealed class InformedSamplerTests
{
    private static readonly DmalaSpec Adapted = new() { Steps = 5, StepSize = 0.5 };

    /// <summary>
    /// At an energy of some thousands the distribution is one state. Chains reach it from anywhere, and nothing
    /// overflows.
    /// </summary>
    [Theory]
    [InlineData("ising-full", "gibbs")]
    [InlineData("ising-free", "gibbs")]
    [InlineData("potts-full", "gibbs")]
    [InlineData("potts-free", "gibbs")]
    [InlineData("ising-full", "gwg")]
    [InlineData("potts-full", "gwg")]
    [InlineData("ising-full", "dmala")]
    [InlineData("potts-full", "dmala")]
    [InlineData("ising-full", "dula")]
    [InlineData("potts-full", "dula")]
    public void Run_WithLogitsOfThousands_StaysFiniteAndFindsTheMode(string name, string kernel)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create(name);
        var flat = zeros(energy.Layout.Length);
        var field = energy.Layout.Entries[^1];
        var values = energy.Space.Units == UnitKind.Binary ? 2 : energy.Space.Categories;
        flat.narrow(0, field.Offset, field.Length).copy_(
            arange(field.Length).remainder(values).eq(1).to_type(ScalarType.Float32).mul(4000).sub(2000));
        using var p = new Parameters(energy.Layout, flat);
        var start = EnergyCases.RandomStates(energy, 64, ScalarType.Float32);

        var (states, info) = SamplerFactory.Create(Spec(kernel)).Run(energy, p, start, Block(0));

        Assert.Equal(0, info.NonFinite);
        Assert.False(double.IsNaN(info.JumpDistance));
        var lowest = states.narrow(0, 0, 1).clone();
        Assert.True(states.Equals(lowest.expand_as(states)));
        Assert.Equal(energy.Energy(p, lowest).item<float>(), -2000f * energy.Space.Features);
    }

    /// <summary>
    /// Units that agree with their field by 1, one by one independent: the kernels report what they did.
    /// </summary>
    [Fact]
    public void Run_OnAFlatEnergy_AcceptsEverythingAndCountsItsJumps()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("ising-full");
        using var p = new Parameters(energy.Layout, zeros(energy.Layout.Length));

        var (states, info) = SamplerFactory.Create(new GwgSpec { Steps = 1 }).Run(energy, p, zeros(64, 6), Block(0));

        Assert.Equal((1, 1, 0, 0), (info.Acceptance, info.JumpDistance, info.GradientNorm, info.NonFinite));
        Assert.Equal(64, states.sum().item<float>());
        Assert.True(double.IsNaN(SamplerFactory.Create(new DulaSpec())
            .Run(energy, p, zeros(64, 6), Block(0)).Info.Acceptance));
    }

    [Fact]
    public void Run_WithAnEnergyThatIsNotFinite_StaysAndCountsTheChains()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("ising-full");
        using var p = new Parameters(energy.Layout, full([energy.Layout.Length], double.NaN, ScalarType.Float32));

        var (states, info) = SamplerFactory.Create(new DmalaSpec()).Run(energy, p, zeros(64, 6), Block(0));

        Assert.Equal(64, info.NonFinite);
        Assert.True(states.Equals(zeros(64, 6)));
    }

    [Fact]
    public void Run_WithTunedParameters_TakesTheirStepAndNotTheSpecs()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("ising-full");
        using var plain = EnergyCases.RandomParameters(energy, 0.3f, ScalarType.Float32);
        using var tuned = new Parameters(energy.Layout, plain.Flat.clone(), [2.5]);
        var start = EnergyCases.RandomStates(energy, 64, ScalarType.Float32);

        var expected = SamplerFactory.Create(Adapted with { StepSize = 2.5 })
            .Run(energy, plain, start, Block(0)).States;

        Assert.True(expected.Equals(SamplerFactory.Create(Adapted).Run(energy, tuned, start, Block(0)).States));
        Assert.False(expected.Equals(SamplerFactory.Create(Adapted).Run(energy, plain, start, Block(0)).States));
        Assert.False(expected.Equals(SamplerFactory.Create(Adapted with { Adapt = false })
            .Run(energy, tuned, start, Block(0)).States));
    }

    /// <summary>
    /// On a model whose acceptance falls with the step, from a step ten times too small and ten times too large. At the
    /// end the mean over 50 rounds of 64 chains and 5 steps: a standard error below 0.004, so 0.05 is over ten of them.
    /// </summary>
    [Theory]
    [InlineData(0.02)]
    [InlineData(20)]
    public void Adapt_OverRounds_LeadsTheAcceptanceToItsTarget(double first)
    {
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = 30, WeightScale = 0.5 }, 60);
        using var p = EnergyCases.RandomParameters(energy, 0.5f, ScalarType.Float32);
        var sampler = SamplerFactory.Create(Adapted with { StepSize = first });
        var (states, tuning, accepted) =
            (EnergyCases.RandomStates(energy, 64, ScalarType.Float32), sampler.InitialTuning, 0.0);
        for (var round = 1; round <= 250; round++)
        {
            using var inner = NewDisposeScope();
            using var now = new Parameters(energy.Layout, p.Flat.alias(), tuning);
            var result = sampler.Run(energy, now, states, Block(round));
            states = result.States.MoveToOuterDisposeScope();
            tuning = sampler.Adapt(tuning, ChainMetrics.Of(64, result.Info, 0), round);
            accepted += round > 200 ? result.Info.Acceptance / 50 : 0;
        }

        Assert.Equal(0.574, accepted, 0.05);
    }

    [Fact]
    public void Run_OnRealUnits_NamesTheSuitableUnits()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("mlp-Relu");
        using var p = EnergyCases.RandomParameters(energy, 0.1f, ScalarType.Float32);

        var error = Assert.Throws<InputException>(() => SamplerFactory.Create(new GwgSpec())
            .Run(energy, p, zeros(1, 6), Block(0)));

        Assert.Contains("Use sampler: langevin", error.Message, StringComparison.Ordinal);
    }

    private static SamplerSpec Spec(string kernel) => kernel switch
    {
        "gibbs" => new GibbsSpec(),
        "gwg" => new GwgSpec { Steps = 40 },
        "dmala" => new DmalaSpec { Steps = 40 },
        _ => new DulaSpec { Steps = 40 },
    };

    private static ChainBlock Block(long round) =>
        new(NoiseFactory.On(CPU), RandomKey.Derive(4, Purpose.Sampler, 0, round), 0);
}
