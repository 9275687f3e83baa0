namespace Ebm.Core.Diagnostics;

/// <summary>Means and variances that are exact where all values are equal.</summary>
internal static class Moments
{
    /// <summary>The mean, taken about the first value.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value - values[0];
        }

        return values[0] + (sum / values.Length);
    }

    /// <summary>The unbiased variance; NaN of a single value.</summary>
    public static double Variance(ReadOnlySpan<double> values)
    {
        var (mean, sum) = (Mean(values), 0.0);
        foreach (var value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return sum / (values.Length - 1);
    }
}
