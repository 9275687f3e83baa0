using Ebm.Core.Diagnostics;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Learning;

public sealed class EnergyWindowTests
{
    static EnergyWindowTests() => TorchLibrary.EnsureLoaded();

    /// <summary>Chains over two blocks, more of them than are followed, and rounds that go around the ring.</summary>
    [Fact]
    public void Diagnose_AfterManyRounds_IsOfTheLatestOnesInTheirOrder()
    {
        using var scope = NewDisposeScope();
        var window = EnergyWindow.Begin(new NegativesSpec { Chains = 300 }, CPU)!;
        var rounds = EnergyWindow.Rounds + 17;
        var energies = zeros(rounds, 300);
        NoiseFactory.On(CPU).AddNormal(energies, 1, new NoiseSite(new RandomKey(3), 0));

        // Autocorrelated, so that the order of the rounds shows in the metrics.
        energies = energies.cumsum(0);
        for (var round = 1; round <= rounds; round++)
        {
            var row = energies[round - 1];
            EnergyWindow.Record(window, round, [row.narrow(0, 0, 64), row.narrow(0, 64, 236)]);
        }

        var latest = energies.narrow(0, 17, EnergyWindow.Rounds).narrow(1, 0, EnergyWindow.MostChains).t().contiguous();
        var expected = ConvergenceDiagnostics.Of(new ChainDraws(
            EnergyWindow.MostChains, [.. latest.data<float>().ToArray().Select(e => (double)e)]));
        Assert.Equal(expected, EnergyWindow.Diagnose(window, rounds));
        Assert.True(expected.RHat > 1.2);
    }

    [Fact]
    public void Diagnose_BeforeTheWindowIsFull_HasNoMetrics()
    {
        using var scope = NewDisposeScope();
        var window = EnergyWindow.Begin(new NegativesSpec { Chains = 64 }, CPU)!;
        for (var round = 1; round < EnergyWindow.Rounds; round++)
        {
            EnergyWindow.Record(window, round, [rand(64)]);
        }

        Assert.True(double.IsNaN(EnergyWindow.Diagnose(window, EnergyWindow.Rounds - 1).RHat));
        EnergyWindow.Record(window, EnergyWindow.Rounds, [rand(64)]);
        Assert.InRange(EnergyWindow.Diagnose(window, EnergyWindow.Rounds).RHat, 0.9, 1.1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(128)]
    [InlineData(300)]
    public void IsDue_ForAnyMetricsInterval_HoldsInThoseRoundsAndSeldom(int metricsEvery)
    {
        const int Rounds = 6007;
        long[] due = [.. Enumerable.Range(1, Rounds).Select(r => (long)r)
            .Where(r => EnergyWindow.IsDue(r, metricsEvery, Rounds))];

        Assert.All(due[..^1], round => Assert.Equal(0, round % metricsEvery));
        Assert.Equal(Rounds, due[^1]);
        Assert.InRange(
            due.Length, Rounds / Math.Max(metricsEvery, EnergyWindow.Every),
            (Rounds / Math.Max(metricsEvery, EnergyWindow.Every)) + 2);
    }

    [Fact]
    public void Begin_WhereChainsAreOthersEachRound_IsNothing()
    {
        Assert.Null(EnergyWindow.Begin(new NegativesSpec { Start = ChainStart.Data }, CPU));
        Assert.Null(EnergyWindow.Begin(new NegativesSpec { Slots = 100 }, CPU));
        Assert.Null(EnergyWindow.Begin(new NegativesSpec { Reinitialise = 0.1 }, CPU));
        using var window = EnergyWindow.Begin(new NegativesSpec { Slots = 64 }, CPU);
        Assert.Equal([EnergyWindow.Rounds, 64], window!.shape);
    }

    [Fact]
    public void WithMixingOf_ARoundWithoutMetrics_KeepsThePreviousOnes()
    {
        var said = new RoundMetrics
        {
            Round = 128, Attempt = 0, EnergyData = 1, EnergyNegatives = 1, GradientNorm = 1, ParameterNorm = 1,
            Rate = 1,
            RHat = 1.5, EssBulk = 20, EssTail = 10,
        };
        var silent = said with { Round = 129, RHat = null, EssBulk = null, EssTail = null };

        Assert.Equal(said with { Round = 129 }, silent.WithMixingOf(said));
        Assert.Equal(said, said.WithMixingOf(silent with { RHat = 9 }));
        Assert.Equal(silent, silent.WithMixingOf(null));
    }
}
