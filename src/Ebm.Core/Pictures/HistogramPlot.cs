using ScottPlot;

namespace Ebm.Core.Pictures;

/// <summary>Two sets of numbers, as histograms over the same bins.</summary>
public static class HistogramPlot
{
    /// <summary>
    /// A PNG of the energies of data and of negatives, 1000 by 600. Energies that are not finite are not drawn; the legend
    /// counts them.
    /// </summary>
    public static byte[] Png(ReadOnlySpan<float> dataEnergies, ReadOnlySpan<float> negativeEnergies)
    {
        var plot = Palette.NewPlot();
        Add(plot, negativeEnergies, dataEnergies, "negatives");
        plot.XLabel("energy");
        plot.YLabel("density");
        plot.ShowLegend(Alignment.UpperRight);
        return Palette.Png(plot, 1000, 600);
    }

    /// <summary>Draws what is of the model and what is of the data into a panel, each with area 1.</summary>
    internal static void Add(
        Plot plot, ReadOnlySpan<float> model, ReadOnlySpan<float> data, string modelName = "samples")
    {
        var finiteModel = Finite(model);
        var finiteData = Finite(data);
        var edges = Edges([.. finiteModel, .. finiteData]);
        AddOne(plot, finiteData, edges, Palette.Data, Name("data", data.Length - finiteData.Length));
        AddOne(plot, finiteModel, edges, Palette.Negatives, Name(modelName, model.Length - finiteModel.Length));
        plot.Axes.Margins(bottom: 0);
    }

    private static double[] Finite(ReadOnlySpan<float> values)
    {
        var finite = new List<double>(values.Length);
        foreach (var value in values)
            if (float.IsFinite(value))
                finite.Add(value);
        return [.. finite];
    }

    private static string Name(string name, int notFinite) =>
        notFinite == 0 ? name : $"{name} ({notFinite} not finite, not drawn)";

    /// <summary>Bins as wide as Freedman and Diaconis (1981) give for both sets together, 10 to 60 of them.</summary>
    private static double[] Edges(double[] values)
    {
        if (values.Length == 0)
            return [0, 1];
        Array.Sort(values);
        var (low, high) = (values[0], values[^1]);
        if (high - low <= 1e-9 * Math.Max(Math.Abs(low), Math.Abs(high)))
            (low, high) = (low - 0.5, high + 0.5);
        var width = 2 * (values[3 * values.Length / 4] - values[values.Length / 4]) / Math.Cbrt(values.Length);
        var bins = width > 0 ? (int)Math.Clamp(Math.Ceiling((high - low) / width), 10, 60) : 30;
        return [.. Enumerable.Range(0, bins + 1).Select(i => low + (high - low) * i / bins)];
    }

    private static void AddOne(Plot plot, double[] values, double[] edges, Color colour, string name)
    {
        var bins = edges.Length - 1;
        var width = edges[1] - edges[0];
        var heights = new double[bins];
        foreach (var value in values)
            heights[Math.Clamp((int)((value - edges[0]) / width), 0, bins - 1)] += 1 / (values.Length * width);

        // The outline of the bars: two filled ones lie over each other better than two sets of bars.
        var outline = new List<Coordinates> { new(edges[0], 0) };
        for (var i = 0; i < bins; i++)
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
