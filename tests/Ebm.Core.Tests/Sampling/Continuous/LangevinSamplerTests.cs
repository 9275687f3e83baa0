using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.Sampling.Continuous;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling.Continuous;

public sealed class LangevinSamplerTests
{
    private const double Sigma = 0.8;

    /// <summary>
    /// On N(b, sigma^2) the chain x' = x - a (x - b) + s N(0, 1), a = step / sigma^2, has the stationary variance
    /// s^2 / (1 - (1 - a)^2), which with s^2 = 2 step is sigma^2 / (1 - a / 2): larger than the model's, by the
    /// discretisation. 4096 chains of 3 independent units after 60 steps (0.7^60 = 5e-10 of the start is left), so ESS
    /// = 12,288. Bounds of 6 standard errors: false alarm below 1e-8. The bias itself is 15 % of the variance, 11.7
    /// standard errors of it: a sampler that drew from the model exactly would fail with probability over 1 - 1e-7.
    /// </summary>
    [Fact]
    public void Run_OnAGaussian_HasTheMomentsOfTheDiscretisedDynamics()
    {
        const int Chains = 4096, Features = 3;
        using var scope = NewDisposeScope();
        var (energy, p) = Gaussian(Features, mean: 1.5f);
        using var owned = p;
        var step = 0.3 * Sigma * Sigma;
        var sampler = new LangevinSampler(
            new LangevinSpec { Steps = 60, StepSize = step, Noise = Math.Sqrt(2 * step) });

        var (states, info) = sampler.Run(energy, p, zeros(Chains, Features), Block(0));

        var variance = Sigma * Sigma / (1 - 0.15);
        var ess = Chains * Features;
        Assert.Equal(1.5, states.mean().item<float>(), 6 * Math.Sqrt(variance / ess));
        Assert.Equal(variance, (states - 1.5).square().mean().item<float>(), 6 * variance * Math.Sqrt(2.0 / ess));
        var products = (states[TensorIndex.Colon, 0] - 1.5) * (states[TensorIndex.Colon, 1] - 1.5);
        Assert.Equal(0, products.mean().item<float>(), 6 * variance / Math.Sqrt(Chains));
        Assert.True(variance - (Sigma * Sigma) > 11 * variance * Math.Sqrt(2.0 / ess));
        Assert.Equal(0, info.NonFinite);
    }

    /// <summary>
    /// From x ~ N(b, w^2) one step leads to N(b, (1 - a)^2 w^2 + s^2) exactly, a = step / sigma^2, for any step and
    /// noise: here with the noise that samples the model, and with less. The comparison's false alarm is 1e-6; a
    /// distribution function that is off by 0.0241 passes with probability below 1e-6 (<see cref="Dkwm"/>). Tried: half
    /// the variance of the noise is 0.074 and 0.031 away, a step of opposite sign 0.10 and 0.25.
    /// </summary>
    [Theory]
    [InlineData(1.4142135623730951)]
    [InlineData(0.4)]
    public void Run_OneStepFromExactDraws_HasTheDistributionOfTheDiscretisedDynamics(double noise)
    {
        const double A = 0.6, Width = 0.7;
        using var scope = NewDisposeScope();
        var (energy, p) = Gaussian(2, mean: 1.5f);
        using var owned = p;
        var start = full([Dkwm.Draws, 2], 1.5f);
        NoiseFactory.On(CPU).AddNormal(start, (float)Width, new NoiseSite(new RandomKey(6), 0));
        var step = A * Sigma * Sigma;
        var s = noise * Math.Sqrt(step);
        var sampler = new LangevinSampler(new LangevinSpec { Steps = 1, StepSize = step, Noise = s });

        var states = sampler.Run(energy, p, start, Block(0)).States;

        var deviation = Math.Sqrt(((1 - A) * (1 - A) * Width * Width) + (s * s));
        foreach (var feature in new[] { 0, 1 })
        {
            Dkwm.AssertDistribution($"x_{feature}", states.select(1, feature), x => Dkwm.Normal((x - 1.5) / deviation));
        }

        Assert.True((states - start).square().sum(1).sqrt().mean().item<float>() > step);
    }

    [Fact]
    public void Run_WithoutNoise_FollowsTheClippedAnnealedGradient()
    {
        using var scope = NewDisposeScope();
        var (energy, p) = Gaussian(1, mean: 0);
        using var owned = p;
        var spec = new LangevinSpec { Steps = 3, StepSize = 0.5, Noise = 0, GradientClip = 2, Range = [-1, 4],
            Anneal = 0.25 };

        var (states, info) = new LangevinSampler(spec)
            .Run(energy, p, tensor(new float[,] { { 10 }, { -1 } }), Block(0));

        // From 10: 9 is clamped to 4; then steps 0.25 and 0.125 at gradient clip 2. From -1: gradient x / 0.64 =
        // -1.5625.
        var below = -1 + (0.5 / 0.64);
        below -= 0.25 * below / 0.64;
        below -= 0.125 * below / 0.64;
        Assert.Equal(4 - 0.5 - 0.25, states[0, 0].item<float>(), 1e-6);
        Assert.Equal(below, states[1, 0].item<float>(), 1e-6);
        var second = -1 + (0.5 / 0.64);
        var third = second - (0.25 * second / 0.64);
        var visited = (10 + 4 + 3.5 + 1 + Math.Abs(second) + Math.Abs(third)) / 0.64;
        Assert.Equal(visited / 6, info.GradientNorm, 1e-5);
    }

    /// <summary>
    /// With hardly any step the noises of both steps add up. 12,288 values; 6 standard errors of the variance are 7.7
    /// %, false alarm 2e-9; noise that is not annealed would give twice as much.
    /// </summary>
    [Fact]
    public void Run_Annealed_EndsWithTheSmallNoise()
    {
        using var scope = NewDisposeScope();
        var (energy, p) = Gaussian(3, mean: 0);
        using var owned = p;
        var sampler = new LangevinSampler(new LangevinSpec { Steps = 2, StepSize = 1e-9, Noise = 0.5, Anneal = 0.1 });

        var states = sampler.Run(energy, p, zeros(4096, 3), Block(0)).States;

        var variance = 0.25 * (1 + 0.01);
        Assert.Equal(variance, states.square().mean().item<float>(), 6 * variance * Math.Sqrt(2.0 / 12_288));
    }

    [Fact]
    public void Run_ThatDiverges_CountsTheChainsAndReplacesNothing()
    {
        using var scope = NewDisposeScope();
        var (energy, p) = Gaussian(2, mean: 0);
        using var owned = p;
        var sampler = new LangevinSampler(new LangevinSpec { Steps = 200, StepSize = 1000, Noise = 0 });

        var (states, info) = sampler.Run(energy, p, tensor(new float[,] { { 1, 0 }, { 0, 0 }, { 0, 2 } }), Block(0));

        Assert.Equal(2, info.NonFinite);
        Assert.Equal(2, states.isfinite().logical_not().any(1).sum().item<long>());
        Assert.True(double.IsNaN(info.GradientNorm) || double.IsInfinity(info.GradientNorm));
    }

    private static (GaussianRbmEnergy, Parameters) Gaussian(int features, float mean)
    {
        var energy = new GaussianRbmEnergy(
            new GaussianRbmSpec { Hidden = 2, Sigma = Sigma, WeightScale = 0 }, features);
        var data = new DataSummary([.. Enumerable.Repeat(mean, features)]);
        return (energy, new Parameters(energy.Layout, energy.Initialise(new RandomKey(1), data)));
    }

    private static ChainBlock Block(uint first) => new(NoiseFactory.On(CPU), new RandomKey(77), first);
}
