using Ebm.Core.Pictures;
using static Ebm.Core.Tests.Pictures.Looking;

namespace Ebm.Core.Tests.Pictures;

public sealed class HistogramPlotTests
{
    [Fact]
    public void Png_OfEnergies_ShowsBothAndCountsWhatIsNotFinite()
    {
        var data = Enumerable.Range(0, 2000).Select(i => -100 + 8 * Normal(i)).ToArray();
        var negatives = Enumerable.Range(0, 2000).Select(i => -92 + 12 * Normal(i + 5000)).ToArray();
        negatives[7] = float.NaN;
        using var picture = Decode(HistogramPlot.Png(data, negatives), "histogram");

        Assert.Equal((1000, 600), (picture.Width, picture.Height));
        Assert.True(Count(picture, c => IsNear(c, 0x0072B2)) > 500);
        Assert.True(Count(picture, c => IsNear(c, 0xD55E00)) > 500);
    }

    [Fact]
    public void Png_OfNothingOrOneValue_IsDrawn()
    {
        using var nothing = Decode(HistogramPlot.Png([], [float.NaN]), "histogram-nothing");
        using var one = Decode(HistogramPlot.Png([3, 3, 3], [3]), "histogram-one");

        Assert.Equal(1000, nothing.Width);
        Assert.Equal(1000, one.Width);
    }

    [Fact]
    public void Png_DrawnTwice_IsTheSameBytes() =>
        Assert.Equal(HistogramPlot.Png([1, 2, 3], [2, 3, 4]), HistogramPlot.Png([1, 2, 3], [2, 3, 4]));
}
