namespace Ebm.Core.Recovery;

/// <summary>Median and median absolute deviation: what a history was like, whatever a few of its values were.</summary>
public static class RobustHistory
{
    /// <summary>Turns the median absolute deviation of a normal law into its standard deviation.</summary>
    private const double NormalScale = 1.4826;

    /// <summary>The median; the mean of the two in the middle where the number is even. NaN where a value is.</summary>
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);

        // NaN sorts first.
        return sorted.Length == 0 || double.IsNaN(sorted[0]) ? double.NaN
            : sorted.Length % 2 == 1 ? sorted[sorted.Length / 2]
            : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>How far values lie from their median, as a standard deviation.</summary>
    public static double Spread(IReadOnlyCollection<double> values, double median) =>
        NormalScale * Median(values.Select(v => Math.Abs(v - median)));
}
