using Ebm.Core.States;
using Ebm.Reporting.Plots;
using SkiaSharp;
using static Ebm.Library.Tests.Reporting.Plots.PlotImage;

namespace Ebm.Library.Tests.Reporting.Plots;

public sealed class SampleGridTests
{
    [Fact]
    public void Png_OfGreyImages_PutsEachPixelWhereItBelongs()
    {
        // Three 2x2 images, two to a row, 4 pixels a pixel, 1 between.
        float[] rows = [0, 1, 0.5f, -3, 1, 1, 1, 1, 9, 0, 0, 0];
        using var picture = Decode(
            SampleGrid.Png(rows, new ImageShape(1, 2, 2), (0, 1), new GridOptions(2, 4, 1)), "grey");

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
    public void Png_OfRowsThatBelongTogether_LeavesMoreSpaceBetweenThem()
    {
        // One pixel an image, one image to a row, in pairs: 1 between, 4 more after each pair.
        using var picture = Decode(
            SampleGrid.Png([1, 1, 1, 1, 1], new ImageShape(1, 1, 1), (0, 1), new GridOptions(1, 1, 1, Together: 2)),
            "pairs");

        Assert.Equal(
            [1, 3, 9, 11, 17],
            Enumerable.Range(0, picture.Height).Where(y => picture.GetPixel(1, y) == SKColors.White));
        Assert.Equal(19, picture.Height);
    }

    [Fact]
    public void Png_OfColourImages_ReadsChannelByChannel()
    {
        float[] rows = [-1, 1, /* green */ 1, -1, /* blue */ 0, 0];
        using var picture = Decode(
            SampleGrid.Png(rows, new ImageShape(3, 1, 2), (-1, 1), new GridOptions(1, 1, 0)), "colour");

        Assert.Equal([new SKColor(0, 255, 128), new SKColor(255, 0, 128)], picture.Pixels);
    }

    [Fact]
    public void Png_WithPixelsThatAreNotFinite_ShowsThemInMagenta()
    {
        float[] rows = [0, float.NaN, float.PositiveInfinity, 1];
        using var picture = Decode(
            SampleGrid.Png(rows, new ImageShape(1, 2, 2), (0, 1), new GridOptions(1, 1, 0)), "magenta");

        Assert.Equal([SKColors.Black, SKColors.Magenta, SKColors.Magenta, SKColors.White], picture.Pixels);
    }

    [Fact]
    public void Png_OfSixtyFourDigits_IsEightByEight()
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
    public void Png_OfRowsThatAreNoImages_Refuses(int numbers, int channels, float low, float high) =>
        Assert.Throws<ArgumentException>(
            () => SampleGrid.Png(new float[numbers], new ImageShape(channels, 2, 2), (low, high)));

    [Fact]
    public void Png_DrawnTwice_IsTheSameBytes() =>
        Assert.Equal(
            SampleGrid.Png([0, 1, 1, 0], new ImageShape(1, 2, 2), (0, 1)),
            SampleGrid.Png([0, 1, 1, 0], new ImageShape(1, 2, 2), (0, 1)));
}
