using Ebm.Core.Benchmarks;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Benchmarks;

public sealed class SamplerBenchTests
{
    static SamplerBenchTests() => TorchLibrary.EnsureLoaded();

    private static readonly BenchSize Small = new(Rounds: 10, Draws: 20);

    [Fact]
    public void Measure_Twice_DiffersInTheSecondsAlone()
    {
        foreach (var make in BenchModels.All)
        {
            using var model = make(CPU);
            Assert.All(model.Samplers, sampler =>
            {
                var figures = SamplerBench.Measure(model, sampler, Small, () => Environment.CpuUsage.TotalTime);
                Assert.Equal(
                    figures with { Seconds = 0 },
                    SamplerBench.Measure(
                        model, sampler, Small, () => Environment.CpuUsage.TotalTime) with { Seconds = 0 });
                Assert.True(figures.Seconds > 0);
            });
        }
    }

    /// <summary>
    /// Each draw is ten gradients of 64 chains, and one more where a kernel has to know where it stands.
    /// </summary>
    [Fact]
    public void Measure_OfEachKernel_CountsItsGradients()
    {
        using var gaussian = BenchModels.All[0](CPU);
        Assert.Equal(
            [20 * 64 * 10, 20 * 64 * 11, 20 * 64 * 11],
            gaussian.Samplers.Select(s => SamplerBench.Measure(
                gaussian, s, Small, () => Environment.CpuUsage.TotalTime).Gradients));
    }

    /// <summary>
    /// Where one direction is ten times narrower than another, trajectories get further than steps: several times as
    /// many effective draws for a gradient. (The full bench says six times.)
    /// </summary>
    [Fact]
    public void Measure_OnAnIllConditionedGaussian_PrefersTrajectories()
    {
        using var model = BenchModels.All[0](CPU);
        var size = new BenchSize(Rounds: 150, Draws: 150);
        var mala = SamplerBench.Measure(
            model, model.Samplers.Single(s => s is MalaSpec), size, () => Environment.CpuUsage.TotalTime);
        var hmc = SamplerBench.Measure(
            model, model.Samplers.Single(s => s is HmcSpec), size, () => Environment.CpuUsage.TotalTime);
        Assert.InRange(mala.Acceptance!.Value, 0.524, 0.624);
        Assert.InRange(hmc.Acceptance!.Value, 0.7, 0.9);
        Assert.True(
            hmc.EssPerGradient > 2.5 * mala.EssPerGradient, $"{hmc.EssPerGradient} against {mala.EssPerGradient}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void StateGradient_OfEachDistribution_EqualsCentralDifferences(int index)
    {
        const double Step = 1e-2;
        using var scope = NewDisposeScope();
        using var model = BenchModels.All[index](CPU);
        var x = model.Start(1, new NoiseSite(new RandomKey(3), 0));
        var moves = eye(model.Energy.Space.Features).mul(Step);

        var expected = (model.Energy.Energy(model.Parameters, x + moves)
            - model.Energy.Energy(model.Parameters, x - moves)) / (2 * Step);

        EnergyCases.AssertClose(expected, model.Energy.StateGradient(model.Parameters, x), 5e-3);
    }
}
