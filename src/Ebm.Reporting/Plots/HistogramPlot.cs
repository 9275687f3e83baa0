using ScottPlot;

namespace Ebm.Reporting.Plots;

/// <summary>Two sets of numbers, as histograms over the same bins.</summary>
internal static class HistogramPlot
{
    /// <summary>
    /// A PNG of the energies of data and of negatives, 1000 by 600. Energies that are not finite are not drawn; the
    /// legend counts them.
    /// </summary>
    public static byte[] Png(HistogramPair energies)
    {
        var plot = Palette.NewPlot();
        Add(plot, energies, "negatives");
        plot.XLabel("energy");
        plot.YLabel("density");
        plot.ShowLegend(Alignment.UpperRight);
        return Palette.Png(plot, 1000, 600);
    }

    /// <summary>Draws the histograms of model and data into a panel.</summary>
    internal static void Add(Plot plot, HistogramPair pair, string modelName = "samples")
    {
        AddOne(plot, pair.Edges, pair.Data, Palette.Data, Name("data", pair.DataNotFinite));
        AddOne(plot, pair.Edges, pair.Model, Palette.Negatives, Name(modelName, pair.ModelNotFinite));
        plot.Axes.Margins(bottom: 0);
    }

    private static string Name(string name, int notFinite) =>
        notFinite == 0 ? name : $"{name} ({notFinite} not finite, not drawn)";

    private static void AddOne(Plot plot, double[] edges, double[] heights, Color colour, string name)
    {
        // The outline of the bars: two filled ones lie over each other better than two sets of bars.
        var outline = new List<Coordinates> { new(edges[0], 0) };
        for (var i = 0; i < heights.Length; i++)
        {
            outline.Add(new Coordinates(edges[i], heights[i]));
            outline.Add(new Coordinates(edges[i + 1], heights[i]));
        }

        outline.Add(new Coordinates(edges[^1], 0));
        var area = plot.Add.Polygon([.. outline]);
        area.FillColor = colour.WithAlpha(0.35);
        area.LineColor = colour;
        area.LineWidth = 1.5f;
        area.LegendText = name;
    }
}
