namespace Ebm.Reporting.Plots;

/// <summary>Two sets of numbers over the same bins, each with area 1.</summary>
/// <param name="Edges">The bins' edges, rising, one more than there are bins.</param>
/// <param name="Data">Density of the data in each bin.</param>
/// <param name="Model">Density of the model's energies.</param>
/// <param name="DataNotFinite">Numbers of the data that are not finite, which no bin has.</param>
/// <param name="ModelNotFinite">The same of the model's.</param>
internal sealed record HistogramPair(
    double[] Edges, double[] Data, double[] Model, int DataNotFinite, int ModelNotFinite)
{
    /// <summary>Counts two sets of numbers.</summary>
    public static HistogramPair Of(ReadOnlySpan<float> data, ReadOnlySpan<float> model)
    {
        var (finiteData, finiteModel) = (Finite(data), Finite(model));
        var edges = EdgesOf([.. finiteData, .. finiteModel]);
        return new HistogramPair(
            edges, Densities(finiteData, edges), Densities(finiteModel, edges),
            data.Length - finiteData.Length, model.Length - finiteModel.Length);
    }

    private static double[] Finite(ReadOnlySpan<float> values)
    {
        var finite = new List<double>(values.Length);
        foreach (var value in values)
            if (float.IsFinite(value))
                finite.Add(value);
        return [.. finite];
    }

    /// <summary>Bins as wide as Freedman and Diaconis (1981) give for both sets together, 10 to 60 of them.</summary>
    private static double[] EdgesOf(double[] values)
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

    private static double[] Densities(double[] values, double[] edges)
    {
        var width = edges[1] - edges[0];
        var heights = new double[edges.Length - 1];
        foreach (var value in values)
            heights[Math.Clamp((int)((value - edges[0]) / width), 0, heights.Length - 1)] += 1 / (
                values.Length * width);
        return heights;
    }
}
