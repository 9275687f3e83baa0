using Ebm.Core.Diagnostics;
using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Diagnostics;

public sealed class PairedRatioTests
{
    [Theory]
    [InlineData(4, 2.77645)]
    [InlineData(9, 2.26216)]
    [InlineData(19, 2.09302)]
    [InlineData(99, 1.98422)]
    public void Student_OfSomeDegreesOfFreedom_IsThatOfTheTables(int freedom, double expected) =>
        Assert.Equal(expected, PairedRatio.Student(0.975, freedom), 2e-3);

    [Fact]
    public void Of_RatiosAroundOne_HasTheIntervalOfTheirLogarithms()
    {
        var ratio = PairedRatio.Of([1.0, 1.02, 1 / 1.02, 1.01, 1 / 1.01]);
        Assert.Equal(1, ratio.Mean, 1e-12);

        // s = sqrt(2 (log 1.02^2 + log 1.01^2) / 4), half = 2.776 s / sqrt 5.
        var half = 2.776 * Math.Sqrt((Math.Pow(Math.Log(1.02), 2) + Math.Pow(Math.Log(1.01), 2)) / 2) / Math.Sqrt(5);
        Assert.Equal(Math.Exp(half), ratio.High, 1e-4);
        Assert.Equal(Math.Exp(-half), ratio.Low, 1e-4);
    }

    /// <summary>
    /// Ninety-five of a hundred intervals hold the true ratio: 4,000 are within 1.3 points of that but once in ten
    /// thousand times.
    /// </summary>
    [Fact]
    public void Of_ManySamples_CoversTheRatioAsOftenAsStated()
    {
        var random = new KeyedRandom(new RandomKey(21));
        const int Samples = 4000;
        var held = 0;
        for (var i = 0; i < Samples; i++)
        {
            var ratio = PairedRatio.Of([.. Enumerable.Range(20 * i, 20)
                .Select(j => 1.05 * Math.Exp(0.03 * NormalQuantile.At(random.Double((uint)j))))]);
            held += ratio.Low <= 1.05 && 1.05 <= ratio.High ? 1 : 0;
        }

        Assert.InRange(held / (double)Samples, 0.937, 0.963);
    }

    [Fact]
    public void Of_TooFewOrNone_Throws()
    {
        Assert.Throws<ArgumentException>(() => PairedRatio.Of([1, 1, 1, 1]));
        Assert.Throws<ArgumentException>(() => PairedRatio.Of([1, 1, 1, 1, double.NaN]));
    }
}
