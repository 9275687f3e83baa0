using Ebm.Reporting.Plots;
using SkiaSharp;
using static Ebm.Library.Tests.Reporting.Plots.PlotImage;

namespace Ebm.Library.Tests.Reporting.Plots;

public sealed class FeaturePlotTests
{
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
    public void Png_OfThePlane_ShowDensityAtItsPlaceWithEqualScales()
    {
        using var picture = Decode(
            FeaturePlot.Png(Ring(), RingPoints(300, 0.15, 0), RingPoints(1000, 0.1, 9000)), "density");
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
    public void Density_OfAMap_IntegratesToOneAndKeepsNaN()
    {
        var energies = new float[,] { { 1000, 1001, float.PositiveInfinity },
            { float.NaN, 1000, float.NegativeInfinity } };
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
    public void Png_OfMoreDimensions_HaveAHistogramEach(int features, int width, int height)
    {
        var data = Enumerable.Range(0, 500 * features).Select(i => Normal(i) + i % features % 3).ToArray();
        var samples = Enumerable.Range(0, 300 * features).Select(i => 1.3f * Normal(i + 77_777) + i % features % 3)
            .ToArray();
        using var picture = Decode(FeaturePlot.Png(features, samples, data), $"features-{features}");

        Assert.Equal((width, height), (picture.Width, picture.Height));
        Assert.True(Count(picture, c => IsNear(c, 0x0072B2)) > 100);
    }

    [Fact]
    public void Png_DrawnTwice_IsTheSameBytes() =>
        Assert.Equal(FeaturePlot.Png(Ring(), [0, 1], [1, 0]), FeaturePlot.Png(Ring(), [0, 1], [1, 0]));
}
