using Ebm.Core.Diagnostics;
using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Diagnostics;

public sealed class DiagnosticsTests
{
    public static TheoryData<string> Cases => [.. PosteriorCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Metrics_OfStoredDraws_AreThoseOfPosterior(string name)
    {
        var stored = PosteriorCase.All[name];
        var draws = stored.Draws();

        AssertIs(stored.Rhat, RHat.Of(draws));
        AssertIs(stored.EssBulk, EffectiveSampleSize.Bulk(draws));
        AssertIs(stored.EssTail, EffectiveSampleSize.Tail(draws));
        Assert.Equal(
            new ConvergenceDiagnostics(
                RHat.Of(draws), EffectiveSampleSize.Bulk(draws), EffectiveSampleSize.Tail(draws)),
                ConvergenceDiagnostics.Of(draws));
    }

    /// <summary>
    /// posterior says NA, or ESS of half the number of chains: a frozen sampler must not pass for a working one.
    /// </summary>
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 2, 3)]
    public void Metrics_OfChainsThatAllStandStill_AreTheWorst(double a, double b, double c)
    {
        var draws = new ChainDraws(3, [.. new[] { a, b, c }.SelectMany(value => Enumerable.Repeat(value, 20))]);

        AssertWorst(draws);
        Assert.Equal(double.PositiveInfinity, RHat.Nested(draws, 1));
    }

    [Fact]
    public void Metrics_WithOneStuckChain_AreTheWorst()
    {
        var values = Normal(4 * 50);
        values.AsSpan(50, 50).Fill(0.01);

        AssertWorst(new ChainDraws(4, values));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Metrics_OfADrawThatIsNotFinite_AreNaN(double value)
    {
        var values = new double[4 * 50];
        values[7] = value;
        var draws = new ChainDraws(4, values);

        Assert.True(double.IsNaN(RHat.Of(draws)));
        Assert.True(double.IsNaN(RHat.Nested(draws, 2)));
        Assert.True(double.IsNaN(EffectiveSampleSize.Bulk(draws)));
        Assert.True(double.IsNaN(EffectiveSampleSize.Tail(draws)));
    }

    [Fact]
    public void Metrics_OfTooFewDraws_AreNaN()
    {
        Assert.True(double.IsNaN(RHat.Of(new ChainDraws(4, Normal(4 * 3)))));
        Assert.True(double.IsNaN(EffectiveSampleSize.Bulk(new ChainDraws(4, Normal(4 * 5)))));
        Assert.True(double.IsNaN(EffectiveSampleSize.Tail(new ChainDraws(4, Normal(4 * 5)))));
    }

    /// <summary>The published definition, written down sum by sum, for any shape.</summary>
    [Theory]
    [InlineData(2, 3, 5)]
    [InlineData(5, 1, 7)]
    [InlineData(4, 6, 1)]
    [InlineData(3, 2, 2)]
    public void Nested_OfAnyShape_IsTheFormula(int superchains, int perSuperchain, int length)
    {
        var values = Normal(superchains * perSuperchain * length);
        double Draw(int n, int m, int k) => values[(((k * perSuperchain) + m) * length) + n];
        double ChainMean(int m, int k) => Enumerable.Range(0, length).Sum(n => Draw(n, m, k)) / length;
        double SuperMean(int k) => Enumerable.Range(0, perSuperchain).Sum(m => ChainMean(m, k)) / perSuperchain;
        double Squares(int count, Func<int, double> of) => Enumerable.Range(0, count).Sum(i => of(i) * of(i));

        var mean = Enumerable.Range(0, superchains).Sum(SuperMean) / superchains;
        var between = Squares(superchains, k => SuperMean(k) - mean) / (superchains - 1);
        var within = Enumerable.Range(0, superchains).Sum(k =>
            (perSuperchain == 1 ? 0 : Squares(perSuperchain, m => ChainMean(m, k) - SuperMean(k)) / (perSuperchain - 1))
            + (length == 1 ? 0 : Enumerable.Range(0, perSuperchain).Sum(m =>
                Squares(length, n => Draw(n, m, k) - ChainMean(m, k)) / (length - 1)) / perSuperchain)) / superchains;

        Assert.Equal(
            Math.Sqrt((between + within) / within),
            RHat.Nested(new ChainDraws(superchains * perSuperchain, values), perSuperchain), 1e-12);
    }

    [Fact]
    public void Nested_OfSuperchainsInDifferentPlaces_DistinguishesThem()
    {
        var values = Normal(2 * 50 * 4);
        var alike = RHat.Nested(new ChainDraws(100, values), 50);
        var apart = RHat.Nested(new ChainDraws(100, [.. values.Select((v, i) => i < 200 ? v : v + 1)]), 50);

        Assert.InRange(alike, 1, 1.02);
        Assert.InRange(apart, 1.1, 1.4);
    }

    [Fact]
    public void Nested_OfAFrozenSuperchain_IsInfinite()
    {
        var values = Normal(6 * 4);
        values.AsSpan(0, 4).Fill(1);
        values.AsSpan(4, 4).Fill(2);

        Assert.Equal(double.PositiveInfinity, RHat.Nested(new ChainDraws(6, values), 2));
        Assert.True(double.IsFinite(RHat.Nested(new ChainDraws(6, values), 3)));
    }

    /// <summary>Against tables: five digits at 0.975, all that float64 has at 0.5 and far out.</summary>
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.025, -1.959963984540054)]
    [InlineData(0.001, -3.090232306167813)]
    [InlineData(1e-20, -9.262340089798408)]
    public void NormalQuantile_OfKnownProbabilities_IsTheTables(double p, double z) =>
        Assert.Equal(z, NormalQuantile.At(p), 1e-14);

    /// <summary>
    /// The cost is that of sorts and of sums within chains: linear in the number of chains, but for a logarithm. Four
    /// times the chains would cost sixteen times as much if every pair of draws or of chains were compared.
    /// </summary>
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.999)]
    public void Metrics_OfFourTimesTheChains_TakeLessThanEightTimesTheProcessorTime(double correlation)
    {
        var few = Cost(125, correlation);
        var many = Cost(500, correlation);

        Assert.True(many < 8 * few, $"{many.TotalMilliseconds} ms, and {few.TotalMilliseconds} ms for a quarter");
    }

    private static void AssertWorst(ChainDraws draws)
    {
        Assert.Equal(double.PositiveInfinity, RHat.Of(draws));
        Assert.Equal(0, EffectiveSampleSize.Bulk(draws));
        Assert.Equal(0, EffectiveSampleSize.Tail(draws));
    }

    private static void AssertIs(double? expected, double actual)
    {
        if (expected is { } number)
        {
            Assert.Equal(number, actual, 1e-8);
        }
        else
        {
            Assert.True(double.IsNaN(actual), $"posterior says NA, this says {actual}");
        }
    }

    private static TimeSpan Cost(int chains, double correlation)
    {
        var draws = Correlated(chains, correlation);
        return ProcessorTime.Of(() => ConvergenceDiagnostics.Of(draws));
    }

    /// <summary>Autoregressive chains of 1000 draws.</summary>
    private static ChainDraws Correlated(int chains, double correlation)
    {
        var values = Normal(chains * 1000);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] += i % 1000 == 0 ? 0 : correlation * values[i - 1];
        }

        return new ChainDraws(chains, values);
    }

    private static double[] Normal(int count)
    {
        var random = new KeyedRandom(new RandomKey(8));
        return [.. Enumerable.Range(0, count).Select(i => NormalQuantile.At(random.Double((uint)i)))];
    }
}
