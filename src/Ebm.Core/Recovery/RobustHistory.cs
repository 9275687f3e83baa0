namespace Ebm.Core.Recovery;

/// <summary>Robust statistics of a history: median and median absolute deviation.</summary>
internal static class RobustHistory
{
    /// <summary>Ratio of the standard deviation to the median absolute deviation for a normal distribution.</summary>
    private const double NormalScale = 1.4826;

    /// <summary>
    /// The median: of an even number the mean of the two middle values. NaN if any value is NaN, or if there is none.
    /// </summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);

        // Array.Sort puts NaN first.
        return sorted.Length == 0 || double.IsNaN(sorted[0]) ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Robust standard deviation: the scaled median absolute deviation.</summary>
    public static double Spread(IReadOnlyCollection<double> values, double median) =>
        NormalScale * Median(values.Select(v => Math.Abs(v - median)));
}
