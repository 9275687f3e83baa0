using SkiaSharp;

namespace Ebm.Library.Tests.Reporting.Plots;

/// <summary>Reads plots back, and makes numbers to draw.</summary>
internal static class PlotImage
{
    /// <summary>
    /// The image. It is also written into the folder that the variable EBM_TEST_PICTURES names, if any.
    /// </summary>
    public static SKBitmap Decode(byte[] png, string name)
    {
        if (Environment.GetEnvironmentVariable("EBM_TEST_PICTURES") is { Length: > 0 } folder)
            File.WriteAllBytes(Path.Combine(folder, name + ".png"), png);
        return SKBitmap.Decode(png);
    }

    public static int Count(SKBitmap picture, Func<SKColor, bool> which) => picture.Pixels.Count(which);

    public static bool IsNear(SKColor a, uint rgb) =>
        Math.Abs(a.Red - (int)(rgb >> 16 & 255)) + Math.Abs(a.Green - (int)(rgb >> 8 & 255))
        + Math.Abs(a.Blue - (int)(rgb & 255)) < 24;

    /// <summary>Numbers that look random and are the same in every run.</summary>
    public static double Wobble(int i) => Math.Sin(i * 12.9898) * 43758.5453 % 1;

    /// <summary>The same, of the normal distribution.</summary>
    public static float Normal(int i) =>
        (float)(Math.Sqrt(-2 * Math.Log(Math.Abs(Wobble(2 * i + 1)) + 1e-9)) * Math.Cos(Math.Tau * Wobble(2 * i + 2)));
}
