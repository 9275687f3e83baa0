using Ebm.Reporting.Plots;
using static Ebm.Library.Tests.Reporting.Plots.PlotImage;

namespace Ebm.Library.Tests.Reporting.Plots;

public sealed class HistogramPlotTests
{
    [Fact]
    public void Png_OfEnergies_ShowsBothAndCountsNonFiniteOnes()
    {
        var data = Enumerable.Range(0, 2000).Select(i => -100 + 8 * Normal(i)).ToArray();
        var negatives = Enumerable.Range(0, 2000).Select(i => -92 + 12 * Normal(i + 5000)).ToArray();
        negatives[7] = float.NaN;
        using var picture = Decode(HistogramPlot.Png(HistogramPair.Of(data, negatives)), "histogram");

        Assert.Equal((1000, 600), (picture.Width, picture.Height));
        Assert.True(Count(picture, c => IsNear(c, 0x0072B2)) > 500);
        Assert.True(Count(picture, c => IsNear(c, 0xD55E00)) > 500);
    }

    [Fact]
    public void Png_OfNothingOrOneValue_IsDrawn()
    {
        using var nothing = Decode(HistogramPlot.Png(HistogramPair.Of([], [float.NaN])), "histogram-nothing");
        using var one = Decode(HistogramPlot.Png(HistogramPair.Of([3, 3, 3], [3])), "histogram-one");

        Assert.Equal(1000, nothing.Width);
        Assert.Equal(1000, one.Width);
    }

    [Fact]
    public void Of_TwoSets_HasAreaOneEachOverEqualBins()
    {
        var pair = HistogramPair.Of(
            [.. Enumerable.Range(0, 500).Select(i => i / 50f), float.PositiveInfinity],
            [3, 4, 5, float.NaN, float.NaN]);
        var width = pair.Edges[1] - pair.Edges[0];

        Assert.Equal((0, 9.98), (pair.Edges[0], Math.Round(pair.Edges[^1], 6)));
        Assert.Equal(pair.Edges.Length - 1, pair.Data.Length);
        Assert.Equal(1, pair.Data.Sum() * width, 9);
        Assert.Equal(1, pair.Model.Sum() * width, 9);
        Assert.Equal((1, 2), (pair.DataNotFinite, pair.ModelNotFinite));
    }

    [Fact]
    public void Png_DrawnTwice_IsTheSameBytes() =>
        Assert.Equal(
            HistogramPlot.Png(HistogramPair.Of([1, 2, 3], [2, 3, 4])),
            HistogramPlot.Png(HistogramPair.Of([1, 2, 3], [2, 3, 4])));
}
