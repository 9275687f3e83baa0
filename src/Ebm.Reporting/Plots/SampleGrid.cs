using Ebm.Core.States;
using SkiaSharp;

namespace Ebm.Reporting.Plots;

/// <summary>How a grid of images is laid out.</summary>
/// <param name="Columns">Images in a row; 0 makes the grid nearly square.</param>
/// <param name="Scale">Pixels of the picture for each pixel of an image, along either side.</param>
/// <param name="Gap">Pixels between images, and around the grid.</param>
/// <param name="Together">Rows of the grid that belong together; more space is left after so many.</param>
internal sealed record GridOptions(int Columns = 0, int Scale = 3, int Gap = 3, int Together = int.MaxValue);

/// <summary>States that are images, side by side.</summary>
internal static class SampleGrid
{
    private const int GroupGaps = 4;

    private static readonly SKColor Background = new(0x5C, 0x63, 0x70);

    /// <summary>No grey value and no likely colour: a pixel that is not finite is seen at once.</summary>
    private static readonly SKColor NotFinite = new(0xFF, 0x00, 0xFF);

    /// <summary>
    /// A PNG of <paramref name="rows"/>, [images, channels * height * width]. <paramref name="range"/> is shown from
    /// black to white (a channel each: grey for one, red, green and blue for three) and values outside of it as its
    /// ends; a pixel that is not finite is magenta.
    /// </summary>
    /// <exception cref="ArgumentException">Rows that are no whole images, other than 1 or 3 channels, an empty
    /// range.</exception>
    public static byte[] Png(
        ReadOnlySpan<float> rows, ImageShape shape, (float Low, float High) range, GridOptions? options = null)
    {
        if (shape.Channels is not (1 or 3))
            throw new ArgumentException($"An image of 1 or 3 channels can be drawn, not {shape}.", nameof(shape));
        if (rows.IsEmpty || rows.Length % shape.Length != 0)
            throw new ArgumentException($"{rows.Length} numbers are no whole images of {shape}.", nameof(rows));
        if (!(range.Low < range.High))
            throw new ArgumentException($"The range {range} is empty.", nameof(range));

        var (wanted, scale, gap, together) = options ?? new GridOptions();
        var count = rows.Length / shape.Length;
        var columns = wanted > 0 ? Math.Min(wanted, count) : (int)Math.Ceiling(Math.Sqrt(count));
        var (stepX, stepY) = (shape.Width * scale + gap, shape.Height * scale + gap);
        int Top(int row) => gap + row * stepY + row / together * GroupGaps * gap;

        using var bitmap = new SKBitmap(
            columns * stepX + gap, Top((count - 1) / columns) + stepY, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(Background);
        using var tile = new SKBitmap(shape.Width, shape.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        for (var i = 0; i < count; i++)
        {
            tile.Pixels = Colours(rows.Slice(i * shape.Length, shape.Length), shape, range);
            var (left, top) = (gap + i % columns * stepX, Top(i / columns));
            canvas.DrawBitmap(tile, SKRect.Create(left, top, shape.Width * scale, shape.Height * scale));
        }

        canvas.Flush();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private static SKColor[] Colours(ReadOnlySpan<float> image, ImageShape shape, (float Low, float High) range)
    {
        var area = shape.Height * shape.Width;
        var colours = new SKColor[area];
        for (var p = 0; p < area; p++)
        {
            var red = image[p];
            var (green, blue) = shape.Channels == 1 ? (red, red) : (image[area + p], image[2 * area + p]);
            colours[p] = float.IsFinite(red) && float.IsFinite(green) && float.IsFinite(blue)
                ? new SKColor(Level(red, range), Level(green, range), Level(blue, range))
                : NotFinite;
        }

        return colours;
    }

    private static byte Level(float value, (float Low, float High) range) =>
        (byte)MathF.Round(255 * Math.Clamp((value - range.Low) / (range.High - range.Low), 0, 1));
}
