using System.Globalization;
using ScottPlot;

namespace Ebm.Reporting.Plots;

/// <summary>States that are no images.</summary>
internal static class FeaturePlot
{
    /// <summary>More features than this do not fit on a page that can be read; the first ones are drawn.</summary>
    private const int MostFeatures = 36;

    /// <summary>
    /// The map takes the longer side's pixels; the shorter one's follow, so that both axes have one scale.
    /// </summary>
    private const int LongSide = 800;

    /// <summary>White to blue: what lies over it is seen on all of it.</summary>
    private static readonly IColormap Blues = new ScottPlot.Colormaps.CustomInterpolated(
        [Colors.White, Color.FromHex("#C6DBEF"), Color.FromHex("#6BAED6"), Color.FromHex("#2171B5"),
            Color.FromHex("#08306B")]);

    /// <summary>
    /// A PNG of a density of the plane, as <paramref name="map"/> has it, with <paramref name="samples"/> and
    /// <paramref name="data"/>, [rows, 2] each, over it. Points outside of the map are not drawn.
    /// </summary>
    public static byte[] Png(EnergyMap map, ReadOnlySpan<float> samples, ReadOnlySpan<float> data)
    {
        var plot = Palette.NewPlot();
        var (x, y) = ((double)map.X.High - map.X.Low, (double)map.Y.High - map.Y.Low);
        var heat = plot.Add.Heatmap(map.Density());
        heat.FlipVertically = true; // The picture's first row is its upper one.
        heat.Extent = new CoordinateRect(map.X.Low, map.X.High, map.Y.Low, map.Y.High);
        heat.Colormap = Blues;
        heat.Smooth = true;
        heat.NaNCellColor = Palette.NotFinite;
        var bar = plot.Add.ColorBar(heat);
        bar.Label = "learned density";
        Palette.Style(bar.LabelStyle);
        bar.Axis.TickLabelStyle.FontName = bar.LabelStyle.FontName;

        AddPoints(plot, data, "data", Palette.Text.WithAlpha(0.45), 2.5f);
        AddPoints(plot, samples, "samples", Palette.Negatives, 5);
        plot.XLabel("x1");
        plot.YLabel("x2");
        plot.Axes.SetLimits(map.X.Low, map.X.High, map.Y.Low, map.Y.High);
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
        plot.ShowLegend(Alignment.UpperRight);

        var scale = LongSide / Math.Max(x, y);
        var (width, height) = ((int)Math.Max(200, x * scale), (int)Math.Max(200, y * scale));
        const int Left = 80, Right = 130, Bottom = 65, Top = 25;
        plot.Layout.Fixed(new PixelRect(Left, Left + width, Top + height, Top));
        return Palette.Png(plot, Left + width + Right, Top + height + Bottom);
    }

    /// <summary>
    /// A PNG of each feature's histogram, of <paramref name="samples"/> against <paramref name="data"/>, [rows,
    /// <paramref name="features"/>] each; the first 36 features where there are more.
    /// </summary>
    /// <param name="features">Numbers in a row.</param>
    /// <param name="samples">Rows of the model.</param>
    /// <param name="data">Rows of the data.</param>
    /// <param name="names">A name for each feature; without it they are x1, x2, ...</param>
    public static byte[] Png(
        int features, ReadOnlySpan<float> samples, ReadOnlySpan<float> data, IReadOnlyList<string>? names = null)
    {
        var shown = Math.Min(features, MostFeatures);
        var columns = (int)Math.Ceiling(Math.Sqrt(shown));
        var rows = (shown + columns - 1) / columns;
        var multiplot = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Grid(rows, columns) };
        multiplot.RemovePlot(multiplot.GetPlot(0));
        for (var feature = 0; feature < shown; feature++)
        {
            var plot = Palette.NewPlot();
            HistogramPlot.Add(plot, HistogramPair.Of(
                Column(data, features, feature), Column(samples, features, feature)));
            var name = names?[feature] ?? string.Create(CultureInfo.InvariantCulture, $"x{feature + 1}");
            plot.XLabel(feature == shown - 1 && shown < features ? $"{name} (of {features})" : name);
            if (feature == 0)
            {
                plot.Axes.Margins(bottom: 0, top: 0.4);
                plot.ShowLegend(Alignment.UpperRight);
            }
            else
                plot.HideLegend();
            multiplot.AddPlot(plot);
        }

        return multiplot.Render(columns * 330, rows * 260).GetImageBytes(ImageFormat.Png);
    }

    private static void AddPoints(Plot plot, ReadOnlySpan<float> points, string name, Color colour, float size)
    {
        var drawn = new List<Coordinates>();
        for (var i = 0; i + 1 < points.Length; i += 2)
            if (float.IsFinite(points[i]) && float.IsFinite(points[i + 1]))
                drawn.Add(new Coordinates(points[i], points[i + 1]));
        var markers = plot.Add.Markers(drawn.ToArray(), MarkerShape.FilledCircle, size, colour);
        var missing = points.Length / 2 - drawn.Count;
        markers.LegendText = missing == 0 ? name : $"{name} ({missing} not finite, not drawn)";
    }

    private static float[] Column(ReadOnlySpan<float> rows, int features, int feature)
    {
        var column = new float[rows.Length / features];
        for (var row = 0; row < column.Length; row++)
            column[row] = rows[row * features + feature];
        return column;
    }
}
