using Ebm.Core.Recovery;
using Ebm.Core.Rollbacks;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Recovery;

public sealed class RecoveryPolicyTests
{
    private static readonly RecoverySpec Spec =
        new() { RateFactor = 0.5, StepsFactor = 4, StepSizeFactor = 0.25, EnergyL2 = 0.02 };

    private static RunSpec Run(EnergySpec energy, double energyL2) => new()
    {
        Name = "test",
        Data = new ToyDataSpec { Density = ToyDensity.TwoMoons },
        Energy = energy,
        Sampler = new LangevinSpec(),
        Learning = new LearningSpec { Rounds = 10, EnergyL2 = energyL2 },
        Recovery = Spec,
    };

    private static RollbackRecord[] Of(params ViolationKind[] kinds) =>
        [.. kinds.Select((kind, i) => new RollbackRecord(i + 1, 0, new LimitViolation(30, kind, "figure", 2, 1), 0))];

    [Theory]
    [InlineData(ViolationKind.NonFinite, 0.5, 0, 0)]
    [InlineData(ViolationKind.NonFiniteChains, 0.5, 1, 1)]
    [InlineData(ViolationKind.Spike, 1, 0, 0)]
    [InlineData(ViolationKind.Lead, 0.5, 0, 0)]
    [InlineData(ViolationKind.Gap, 1, 2, 0)]
    [InlineData(ViolationKind.Growth, 0.5, 0, 0)]
    [InlineData(ViolationKind.EnergyGrowth, 0.5, 0, 0)]
    [InlineData(ViolationKind.Drift, 1, 1, 1)]
    [InlineData(ViolationKind.Acceptance, 1, 1, 1)]
    public void Changes_AfterAViolation_AreThoseOfItsKind(ViolationKind kind, double rate, int longer, int smaller)
    {
        Assert.Equal(rate, RecoveryPolicy.RateShare(Spec, Of(kind)));
        Assert.Equal(new SamplerChange(longer, smaller), RecoveryPolicy.Sampler(Of(kind)));
    }

    [Fact]
    public void Changes_OfSeveralRollbacks_AddUp()
    {
        var rollbacks = Of(ViolationKind.Lead, ViolationKind.Gap, ViolationKind.Lead, ViolationKind.Drift);
        Assert.Equal(0.25, RecoveryPolicy.RateShare(Spec, rollbacks));
        Assert.Equal(new SamplerChange(3, 1), RecoveryPolicy.Sampler(rollbacks));
        Assert.Equal(1, RecoveryPolicy.RateShare(Spec, []));
        Assert.Equal(default, RecoveryPolicy.Sampler([]));
    }

    /// <summary>One is taken for a bad batch.</summary>
    [Fact]
    public void RateShare_OfSpikes_FallsFromTheSecondOn() => Assert.Equal(
        [1, 0.5, 0.25],
        Enumerable.Range(1, 3).Select(
            n => RecoveryPolicy.RateShare(Spec, Of([.. Enumerable.Repeat(ViolationKind.Spike, n)]))));

    [Fact]
    public void EnergyL2_OfEnergiesThatOutgrew_IsAtLeastThatOfRecovery()
    {
        var mlp = new MlpSpec { Hidden = [4] };
        Assert.Equal(0, RecoveryPolicy.EnergyL2(Run(mlp, 0), Of(ViolationKind.Lead, ViolationKind.Gap)));
        Assert.Equal(0.02, RecoveryPolicy.EnergyL2(Run(mlp, 0), Of(ViolationKind.EnergyGrowth)));
        Assert.Equal(0.02, RecoveryPolicy.EnergyL2(Run(mlp, 0.001), Of(ViolationKind.Drift)));
        Assert.Equal(0.1, RecoveryPolicy.EnergyL2(Run(mlp, 0.1), Of(ViolationKind.EnergyGrowth)));
        Assert.Equal(0, RecoveryPolicy.EnergyL2(
            Run(new GaussianRbmSpec { Hidden = 4 }, 0), Of(ViolationKind.EnergyGrowth)));
    }

    [Fact]
    public void Apply_ToLangevin_KeepsTheTemperature()
    {
        var langevin = new LangevinSpec { Steps = 5, StepSize = 0.02, Noise = 0.2 };
        var changed = (LangevinSpec)new SamplerChange(1, 2).Apply(langevin, Spec);
        Assert.Equal((20, 0.02 / 16, 0.05), (changed.Steps, changed.StepSize, changed.Noise));
        Assert.Equal(langevin, default(SamplerChange).Apply(langevin, Spec));
    }

    [Fact]
    public void Apply_ToKernelsWithoutAStepSize_RaisesTheirStepsAlone()
    {
        Assert.Equal(new GibbsSpec { Steps = 12 }, new SamplerChange(1, 1).Apply(new GibbsSpec { Steps = 3 }, Spec));
        Assert.Equal(new JitterSpec(), new SamplerChange(2, 2).Apply(new JitterSpec(), Spec));
    }

    [Fact]
    public void Apply_ManyTimes_StaysWithinTheBoundOfSteps() =>
        Assert.Equal(1_000_000, new SamplerChange(40, 0).Apply(new GibbsSpec { Steps = 3 }, Spec).Transitions());

    [Fact]
    public void Text_OfARollback_NamesCauseTargetAndChanges()
    {
        var rollbacks = Of(ViolationKind.Drift);
        var run = Run(new MlpSpec { Hidden = [4] }, 0);
        Assert.Equal(
            "diverged at round 30: figure is 2, its limit 1. Back to round 0 as attempt 1, with 4 times the sampler's "
                + "steps, 0.25 of its step size, an energy penalty of 0.02",
            RecoveryText.Of(run, rollbacks));
        var text = RecoveryText.GivenUp(new DivergedException("Round 30.", rollbacks[0].Violation), run, rollbacks);
        Assert.EndsWith(
            "with other random numbers alone", RecoveryText.Of(run, Of(ViolationKind.Spike)), StringComparison.Ordinal);
        Assert.Contains("1 rollbacks were tried: diverged at round 30", text, StringComparison.Ordinal);
    }
}
