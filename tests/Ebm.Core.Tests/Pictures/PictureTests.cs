using Ebm.Core.Energies;
using Ebm.Core.Pictures;
using SkiaSharp;

namespace Ebm.Core.Tests.Pictures;

public sealed class PictureTests
{
    private static readonly SKColor Magenta = new(0xFF, 0x00, 0xFF);

    // Where a person wants to look at them: EBM_TEST_PICTURES names a folder.
    private static SKBitmap Decode(byte[] png, string name)
    {
        if (Environment.GetEnvironmentVariable("EBM_TEST_PICTURES") is { Length: > 0 } folder)
            File.WriteAllBytes(Path.Combine(folder, name + ".png"), png);
        return SKBitmap.Decode(png);
    }

    private static int Count(SKBitmap picture, Func<SKColor, bool> which) => picture.Pixels.Count(which);

    private static bool IsNear(SKColor a, uint rgb) =>
        Math.Abs(a.Red - (int)(rgb >> 16 & 255)) + Math.Abs(a.Green - (int)(rgb >> 8 & 255)) + Math.Abs(a.Blue - (int)(rgb & 255)) < 24;

    // Numbers that look random and are the same in every run.
    private static double Wobble(int i) => Math.Sin(i * 12.9898) * 43758.5453 % 1;

    private static float Normal(int i) =>
        (float)(Math.Sqrt(-2 * Math.Log(Math.Abs(Wobble(2 * i + 1)) + 1e-9)) * Math.Cos(Math.Tau * Wobble(2 * i + 2)));

    [Fact]
    public void SampleGrid_OfGreyImages_PutsEachPixelWhereItBelongs()
    {
        // Three 2x2 images, two to a row, 4 pixels a pixel, 1 between.
        float[] rows = [0, 1, 0.5f, -3, 1, 1, 1, 1, 9, 0, 0, 0];
        using var picture = Decode(SampleGrid.Png(rows, new ImageShape(1, 2, 2), (0, 1), new GridOptions(2, 4, 1)), "grey");

        Assert.Equal((19, 19), (picture.Width, picture.Height));
        Assert.Equal(new SKColor(0, 0, 0), picture.GetPixel(1, 1));
        Assert.Equal(new SKColor(255, 255, 255), picture.GetPixel(5, 4));
        Assert.Equal(new SKColor(128, 128, 128), picture.GetPixel(4, 5));
        Assert.Equal(new SKColor(0, 0, 0), picture.GetPixel(8, 8));
        Assert.Equal(new SKColor(255, 255, 255), picture.GetPixel(10, 1));
        Assert.Equal(new SKColor(255, 255, 255), picture.GetPixel(1, 10));
        Assert.Equal(picture.GetPixel(0, 0), picture.GetPixel(9, 3));
        Assert.Equal(picture.GetPixel(0, 0), picture.GetPixel(14, 14));
    }

    [Fact]
    public void SampleGrid_OfColourImages_ReadsChannelByChannel()
    {
        float[] rows = [-1, 1, /* green */ 1, -1, /* blue */ 0, 0];
        using var picture = Decode(SampleGrid.Png(rows, new ImageShape(3, 1, 2), (-1, 1), new GridOptions(1, 1, 0)), "colour");

        Assert.Equal([new SKColor(0, 255, 128), new SKColor(255, 0, 128)], picture.Pixels);
    }

    [Fact]
    public void SampleGrid_WithPixelsThatAreNotFinite_ShowsThemInMagenta()
    {
        float[] rows = [0, float.NaN, float.PositiveInfinity, 1];
        using var picture = Decode(SampleGrid.Png(rows, new ImageShape(1, 2, 2), (0, 1), new GridOptions(1, 1, 0)), "magenta");

        Assert.Equal([SKColors.Black, Magenta, Magenta, SKColors.White], picture.Pixels);
    }

    [Fact]
    public void SampleGrid_OfSixtyFourDigits_IsEightByEight()
    {
        var rows = Enumerable.Range(0, 64 * 784).Select(i =>
        {
            var (x, y) = (i % 28 - 13.5, i / 28 % 28 - 13.5);
            return (float)Math.Exp(-Math.Pow(Math.Sqrt(x * x + y * y) - 4 - i / 784 % 8, 2) / 4);
        }).ToArray();
        using var picture = Decode(SampleGrid.Png(rows, new ImageShape(1, 28, 28), (0, 1)), "grid");

        Assert.Equal((8 * 87 + 3, 8 * 87 + 3), (picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(0, 1, 0f, 1f)]
    [InlineData(5, 1, 0f, 1f)]
    [InlineData(8, 2, 0f, 1f)]
    [InlineData(4, 1, 1f, 1f)]
    [InlineData(4, 1, float.NaN, 1f)]
    public void SampleGrid_OfWhatIsNoImage_Refuses(int numbers, int channels, float low, float high) =>
        Assert.Throws<ArgumentException>(
            () => SampleGrid.Png(new float[numbers], new ImageShape(channels, 2, 2), (low, high)));

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
    public void Curves_OfAnyLength_ShowEachFigureInItsColour(int rounds)
    {
        using var picture = Decode(CurvesPlot.Png(Training(rounds)), $"curves-{rounds}");

        Assert.Equal((1200, 900), (picture.Width, picture.Height));
        foreach (var colour in (uint[])[0x0072B2, 0xD55E00, 0x009E73, 0x8A4A73, 0x555555])
            Assert.True(Count(picture, c => IsNear(c, colour)) > 20, $"{colour:X6}");
    }

    [Fact]
    public void Curves_WithFiguresThatAreNotFinite_MarkThemAndDrawTheRest()
    {
        var points = Training(300);
        for (var i = 100; i < 130; i++)
            points[i] = points[i] with { NegativeEnergy = double.NaN };
        points[200] = points[200] with { GradientNorm = double.PositiveInfinity };
        points[50] = points[50] with { GradientNorm = 0 };
        using var picture = Decode(CurvesPlot.Png(points), "curves-gaps");
        using var whole = Decode(CurvesPlot.Png(Training(300)), "curves-whole");

        Assert.True(Count(picture, c => IsNear(c, 0xE6007E)) > 100);
        Assert.Equal(0, Count(whole, c => IsNear(c, 0xE6007E)));
    }

    [Fact]
    public void Histogram_OfEnergies_ShowsBothAndCountsWhatIsNotFinite()
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
    public void Histogram_OfNothingOrOneValue_IsDrawn()
    {
        using var nothing = Decode(HistogramPlot.Png([], [float.NaN]), "histogram-nothing");
        using var one = Decode(HistogramPlot.Png([3, 3, 3], [3]), "histogram-one");

        Assert.Equal(1000, nothing.Width);
        Assert.Equal(1000, one.Width);
    }

    private static EnergyMap Ring()
    {
        var energies = new float[120, 160];
        for (var row = 0; row < 120; row++)
            for (var column = 0; column < 160; column++)
            {
                var (x, y) = ((column + 0.5) / 40 - 2, (row + 0.5) / 40 - 1.5);
                energies[row, column] = (float)(20 * Math.Pow(Math.Sqrt(x * x + y * y) - 1, 2) - 0.8 * y);
            }

        return new EnergyMap(energies, (-2, 2), (-1.5f, 1.5f));
    }

    private static float[] RingPoints(int count, double width, int from) =>
    [
        .. Enumerable.Range(from, count).SelectMany(i =>
        {
            var (angle, radius) = (Math.Tau * Wobble(i + 31), 1 + width * Normal(i));
            return (float[])[(float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle))];
        }),
    ];

    [Fact]
    public void Features_OfThePlane_ShowDensityAtItsPlaceWithEqualScales()
    {
        using var picture = Decode(FeaturePlot.Png(Ring(), RingPoints(300, 0.15, 0), RingPoints(1000, 0.1, 9000)), "density");
        using var bare = Decode(FeaturePlot.Png(Ring(), [], []), "density-bare");

        // 4 by 3 units at 200 pixels a unit, with the axes around them.
        Assert.Equal((800 + 80 + 130, 600 + 25 + 65), (bare.Width, bare.Height));
        // The middle is empty, and the top of the ring (0, 1) has more than its bottom (0, -1).
        SKColor At(double x, double y) => bare.GetPixel((int)(80 + 200 * (x + 2)), (int)(25 + 200 * (1.5 - y)));
        Assert.True(At(0, 0).Red > 245, $"{At(0, 0)}");
        Assert.True(At(0, 1).Red < 40, $"{At(0, 1)}");
        Assert.InRange(At(0, -1).Red, At(0, 1).Red + 60, 230);
        Assert.True(Count(picture, c => IsNear(c, 0xD55E00)) > 2000);
    }

    [Fact]
    public void Density_OfAMap_IntegratesToOneAndKeepsWhatIsNotANumber()
    {
        var energies = new float[,] { { 1000, 1001, float.PositiveInfinity }, { float.NaN, 1000, float.NegativeInfinity } };
        var density = new EnergyMap(energies, (0, 3), (0, 1)).Density();

        Assert.Equal(2, density.Cast<double>().Where(double.IsFinite).Sum(), 1e-12);
        Assert.Equal(Math.E, density[0, 0] / density[0, 1], 1e-9);
        Assert.Equal(0, density[0, 2]);
        Assert.Equal([double.NaN, double.NaN], [density[1, 0], density[1, 2]]);
    }

    [Theory]
    [InlineData(1, 330, 260)]
    [InlineData(10, 4 * 330, 3 * 260)]
    [InlineData(784, 6 * 330, 6 * 260)]
    public void Features_OfMoreDimensions_HaveAHistogramEach(int features, int width, int height)
    {
        var data = Enumerable.Range(0, 500 * features).Select(i => Normal(i) + i % features % 3).ToArray();
        var samples = Enumerable.Range(0, 300 * features).Select(i => 1.3f * Normal(i + 77_777) + i % features % 3).ToArray();
        using var picture = Decode(FeaturePlot.Png(features, samples, data), $"features-{features}");

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.True(Count(picture, c => IsNear(c, 0x0072B2)) > 100);
    }

    [Fact]
    public void Pictures_DrawnTwice_AreTheSameBytes()
    {
        Assert.Equal(CurvesPlot.Png(Training(100)), CurvesPlot.Png(Training(100)));
        Assert.Equal(HistogramPlot.Png([1, 2, 3], [2, 3, 4]), HistogramPlot.Png([1, 2, 3], [2, 3, 4]));
        Assert.Equal(FeaturePlot.Png(Ring(), [0, 1], [1, 0]), FeaturePlot.Png(Ring(), [0, 1], [1, 0]));
        Assert.Equal(
            SampleGrid.Png([0, 1, 1, 0], new ImageShape(1, 2, 2), (0, 1)),
            SampleGrid.Png([0, 1, 1, 0], new ImageShape(1, 2, 2), (0, 1)));
    }
}
