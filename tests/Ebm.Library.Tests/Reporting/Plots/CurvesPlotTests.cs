using Ebm.Reporting.Plots;
using static Ebm.Library.Tests.Reporting.Plots.PlotImage;

namespace Ebm.Library.Tests.Reporting.Plots;

public sealed class CurvesPlotTests
{
    private static CurvePoint[] Training(int rounds) =>
    [
        .. Enumerable.Range(1, rounds).Select(r => new CurvePoint(
            r,
            -120 * (1 - Math.Exp(-r / (rounds / 3.0))) + 3 * Normal(r),
            -118 * (1 - Math.Exp(-r / (rounds / 3.0))) + 4 * Normal(r + 100_000),
            (0.4 + 40 * Math.Exp(-r / (rounds / 8.0))) * Math.Exp(0.2 * Normal(r + 200_000)),
            0.05 * (1 - 0.9 * r / rounds))),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(30)]
    [InlineData(600)]
    [InlineData(20_000)]
    public void Png_OfAnyLength_ShowsEachMetricInItsColour(int rounds)
    {
        using var picture = Decode(CurvesPlot.Png(Training(rounds)), $"curves-{rounds}");

        Assert.Equal((1200, 900), (picture.Width, picture.Height));
        foreach (var colour in (uint[])[0x0072B2, 0xD55E00, 0x009E73, 0x8A4A73, 0x555555])
            Assert.True(Count(picture, c => IsNear(c, colour)) > 20, $"{colour:X6}");
    }

    [Fact]
    public void Png_WithNonFiniteMetrics_MarksThemAndDrawsTheRest()
    {
        var points = Training(300);
        for (var i = 100; i < 130; i++)
            points[i] = points[i] with { NegativeEnergy = double.NaN };
        points[200] = points[200] with { GradientNorm = double.PositiveInfinity };
        points[50] = points[50] with { GradientNorm = 0 }; // Finite, though it has no place on the axis.
        using var picture = Decode(CurvesPlot.Png(points), "curves-gaps");
        using var whole = Decode(CurvesPlot.Png(Training(300)), "curves-whole");

        Assert.True(Count(picture, c => IsNear(c, 0xE6007E)) > 100);
        Assert.Equal(0, Count(whole, c => IsNear(c, 0xE6007E)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(600)]
    public void Png_OfASamplerThatProposes_HasPanelsForIt(int rounds)
    {
        CurvePoint[] points =
        [
            .. Training(rounds).Select((p, i) => p with
            {
                Acceptance = 0.574 - (0.5 * Math.Exp(-i / 60.0)) + (0.02 * Normal(i)),
                SwapAcceptance = 0.3 + (0.03 * Normal(i + 300_000)),
                StateGradientNorm = Math.Exp((i / 200.0) + (0.1 * Normal(i + 400_000))),
            }),
        ];
        using var picture = Decode(CurvesPlot.Png(points), $"curves-sampler-{rounds}");
        using var less = Decode(CurvesPlot.Png(
            [.. points.Select(p => p with { Acceptance = null, SwapAcceptance = null })]), "curves-slopes");

        Assert.Equal((1200, 1280), (picture.Width, picture.Height));
        Assert.Equal(1090, less.Height);
        foreach (var colour in (uint[])[0x56B4E9, 0xE69F00, 0x5B8C2A, 0x0072B2, 0x555555])
            Assert.True(Count(picture, c => IsNear(c, colour)) > 20, $"{colour:X6}");
        Assert.Equal(0, Count(less, c => IsNear(c, 0xE69F00)));
    }

    [Fact]
    public void Png_DrawnTwice_IsTheSameBytes() =>
        Assert.Equal(CurvesPlot.Png(Training(100)), CurvesPlot.Png(Training(100)));

    [Fact]
    public void Smoothed_OfALineWithAHole_IsTheMeanOfItsPointsAndKeepsTheHole()
    {
        var series = new Series([1, 2, 3, 4, 5], [1, 2, double.NaN, 4, 9]);

        Assert.Equal([1.5, 1.5, double.NaN, 6.5, 6.5], series.Smoothed(1).Values);
        Assert.Equal([3.0], series.NotFinite);
        Assert.Equal([2, 2], series.Stretches().Select(s => s.Values.Length));
    }

    [Fact]
    public void Thinned_OfManyPoints_KeepsPeaksAndHoles()
    {
        var values = Enumerable.Range(0, 10_000).Select(i => Math.Sin(i)).ToArray();
        (values[1234], values[7777], values[5000]) = (50, -50, double.NaN);
        var thin = new Series([.. Enumerable.Range(0, 10_000).Select(i => (double)i)], values).Thinned(500);

        Assert.InRange(thin.Values.Length, 400, 510);
        Assert.Contains(50, thin.Values);
        Assert.Contains(-50, thin.Values);
        Assert.Equal([5000.0], thin.NotFinite);
        Assert.Equal(thin.Rounds.Order(), thin.Rounds);
    }
}
