using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Data.Generated;
using static TorchSharp.torch;

namespace Ebm.Library.Tests.Data.Generated;

public sealed class ToyDataTests : DataTest
{
    private static readonly RandomKey Key = RandomKey.Derive(3, Purpose.Toy, 0, 0);

    [Theory]
    [InlineData(ToyDensity.TwoMoons, 2)]
    [InlineData(ToyDensity.EightGaussians, 8)]
    [InlineData(ToyDensity.Rings, 4)]
    [InlineData(ToyDensity.Pinwheel, 5)]
    [InlineData(ToyDensity.Mixture, 4)]
    public void Generate_AnyDensity_ReachesToAboutTwoAndHasAllItsParts(ToyDensity density, int parts)
    {
        using var rows = ToyData.Generate(new ToyDataSpec { Density = density, Count = 5000 }, Key);
        var values = Values(rows);

        Assert.Equal((5000, 2), (rows.Count, rows.Features));
        Assert.InRange(values.Max(), 1.5, 3);
        Assert.InRange(values.Min(), -3, -1.3);

        // The rarest part has 625 rows expected; 500 are 5 standard deviations away.
        Assert.Equal(parts, rows.Labels!.Distinct().Count());
        Assert.All(rows.Labels!.CountBy(l => l), c => Assert.True(c.Value > 4000 / parts));
    }

    [Fact]
    public void Generate_RowI_DependsOnTheKeyAndIAlone()
    {
        using var few = ToyData.Generate(
            new ToyDataSpec { Density = ToyDensity.Mixture, Count = 10, Features = 7 }, Key);
        using var many = ToyData.Generate(
            new ToyDataSpec { Density = ToyDensity.Mixture, Count = 999, Features = 7 }, Key);
        using var other = ToyData.Generate(
            new ToyDataSpec { Density = ToyDensity.Mixture, Count = 10, Features = 7 }, new RandomKey(Key.Value + 1));

        Assert.Equal(Values(few), Values(many)[..70]);
        Assert.NotEqual(Values(few), Values(other));
    }

    [Fact]
    public void Generate_TwoMoonsWithoutNoise_LieOnTheirCircles()
    {
        using var rows = ToyData.Generate(
            new ToyDataSpec { Density = ToyDensity.TwoMoons, Count = 1000, Noise = 0 }, Key);
        var values = Values(rows);
        for (var i = 0; i < 1000; i++)
        {
            var sign = rows.Labels![i] == 0 ? 1 : -1;
            var (x, y) = (values[2 * i] + (sign * 2 / 3.0), values[(2 * i) + 1] + (sign / 3.0));
            Assert.Equal(4 / 3.0, Math.Sqrt((x * x) + (y * y)), 1e-5);
            Assert.True(y * sign >= -1e-5);
        }
    }

    [Fact]
    public void Generate_RingsWithoutNoise_HaveTheirRadii()
    {
        using var rows = ToyData.Generate(new ToyDataSpec { Density = ToyDensity.Rings, Count = 1000, Noise = 0 }, Key);
        var values = Values(rows);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal((rows.Labels![i] + 1) / 2.0, double.Hypot(values[2 * i], values[(2 * i) + 1]), 1e-5);
        }
    }

    [Fact]
    public void Generate_Mixture_HasTheMomentsOfItsFormula()
    {
        const int Features = 5;
        const int Count = 200_000;
        const double Noise = 0.7;
        using var rows = ToyData.Generate(
            new ToyDataSpec { Density = ToyDensity.Mixture, Count = Count, Features = Features, Noise = Noise }, Key);
        using var values = rows.Stored.to(ScalarType.Float64);
        using var mean = values.mean([0]);
        using var second = values.t().matmul(values) / Count;
        var mixture = ToyMixture.Correlated(Features);

        // A coordinate's variance is below 2.2 and its square's below 12: 6 standard errors are 0.02 and 0.047; false
        // alarm below 1e-7 over 20 statistics. Leaving the shared factor out moves the diagonal by 0.49.
        for (var i = 0; i < Features; i++)
        {
            Assert.InRange(mean[i].item<double>(), -0.02, 0.02);
            for (var j = 0; j <= i; j++)
            {
                var expected = Enumerable.Range(0, 4).Average(k =>
                {
                    var (m, a) = mixture[k];
                    return (m[i] * m[j]) + (Noise * Noise * ((i == j ? 1 : 0) + (a[i] * a[j])));
                });
                Assert.InRange(second[i, j].item<double>(), expected - 0.047, expected + 0.047);
            }
        }
    }

    [Theory]
    [InlineData(ToyDensity.EightGaussians)]
    [InlineData(ToyDensity.Mixture)]
    public void LogDensity_OnAGrid_IntegratesToOneAndMatchesTheSamples(ToyDensity density)
    {
        const double Noise = 0.3;
        const int Side = 401;
        using var scope = NewDisposeScope();
        var axis = linspace(-6, 6, Side, ScalarType.Float64);
        var grid = stack([axis.repeat_interleave(Side), axis.repeat(Side)], 1);
        var p = ToyData.LogDensity(density, Noise, grid)!.exp() * (12.0 / (Side - 1) * (12.0 / (Side - 1)));
        var log = ToyData.LogDensity(density, Noise, grid)!;
        var entropy = -(p * log).sum().item<double>();
        using var rows = ToyData.Generate(new ToyDataSpec { Density = density, Count = 40_000, Noise = Noise }, Key);
        var sampled = ToyData.LogDensity(density, Noise, rows.Stored)!;

        Assert.Equal(1, p.sum().item<double>(), 1e-6);

        // The mean log density of samples is minus the entropy; its standard deviation is about 1, so 0.03 is 6
        // standard errors. Noise that is 5 % off moves it by about 0.1.
        Assert.Equal(-entropy, sampled.mean().item<double>(), 0.03);
    }

    [Fact]
    public void LogDensity_WithoutClosedForm_IsNull()
    {
        using var x = zeros(3, 2);

        Assert.Null(ToyData.LogDensity(ToyDensity.TwoMoons, 0.1, x));
    }
}
