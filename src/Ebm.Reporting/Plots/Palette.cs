using ScottPlot;
using SkiaSharp;

namespace Ebm.Reporting.Plots;

/// <summary>
/// One colour for one thing in all pictures: the palette of Okabe and Ito, which people who see fewer colours can tell
/// apart.
/// </summary>
internal static class Palette
{
    public static readonly Color Data = Color.FromHex("#0072B2");
    public static readonly Color Negatives = Color.FromHex("#D55E00");
    public static readonly Color Difference = Color.FromHex("#009E73");
    public static readonly Color Gradient = Color.FromHex("#8A4A73");
    public static readonly Color Acceptance = Color.FromHex("#56B4E9");
    public static readonly Color Swaps = Color.FromHex("#E69F00");
    public static readonly Color StateGradient = Color.FromHex("#5B8C2A");
    public static readonly Color Rate = Color.FromHex("#555555");
    public static readonly Color NotFinite = Color.FromHex("#E6007E");
    public static readonly Color Text = Color.FromHex("#222222");
    public static readonly Color Grid = Color.FromHex("#E4E6EA");

    /// <summary>
    /// A plain sans-serif where the system has one; where it has no font at all, pictures are drawn without text.
    /// </summary>
    private static readonly string Font =
        new[] { "DejaVu Sans", "Liberation Sans", "Noto Sans" }.FirstOrDefault(
            SKFontManager.Default.FontFamilies.Contains, Fonts.Default);

    /// <summary>An empty plot in the common style.</summary>
    public static Plot NewPlot()
    {
        var plot = new Plot();
        plot.FigureBackground.Color = Colors.White;
        plot.Axes.Color(Text);
        plot.Axes.Right.FrameLineStyle.IsVisible = false;
        plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Grid.MajorLineColor = Grid;
        plot.Legend.OutlineColor = Grid;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontSize = 14;
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.Label.FontSize = 15;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = 13;
        }

        plot.Font.Set(Font);

        return plot;
    }

    /// <summary>The style of a label that belongs to no axis.</summary>
    public static void Style(LabelStyle label) => (label.FontName, label.FontSize, label.Bold) = (Font, 15, false);

    /// <summary>The plot as a PNG.</summary>
    public static byte[] Png(Plot plot, int width, int height) =>
        plot.GetImage(width, height).GetImageBytes(ImageFormat.Png);
}
