namespace Ebm.Core.Tests.Randomness;

/// <summary>
/// Test statistics of samples; each is standard normal, or as stated, if the sample has the distribution in question.
/// </summary>
internal static class Moments
{
    /// <summary>How many standard errors the mean of <paramref name="values"/> lies from what it should be.</summary>
    public static double Z(IEnumerable<double> values, double mean, double variance)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            sum += value - mean;
            count++;
        }

        return sum / Math.Sqrt(count * variance);
    }

    /// <summary>
    /// Kolmogorov's sqrt(n) D_n against a continuous distribution; beyond x with probability 2 exp(-2 x^2).
    /// </summary>
    public static double Kolmogorov(double[] values, Func<double, double> cdf)
    {
        var sorted = values.Order().ToArray();
        var distance = 0.0;
        for (var i = 0; i < sorted.Length; i++)
        {
            var p = cdf(sorted[i]);
            distance = Math.Max(distance, Math.Max(p - (double)i / sorted.Length, (i + 1.0) / sorted.Length - p));
        }

        return Math.Sqrt(sorted.Length) * distance;
    }

    /// <summary>
    /// Pearson's statistic against equal probabilities as a standard normal (Wilson and Hilferty, 1931).
    /// </summary>
    public static double ChiSquareZ(int[] counts)
    {
        var expected = counts.Sum() / (double)counts.Length;
        var freedom = counts.Length - 1;
        var statistic = counts.Sum(c => (c - expected) * (c - expected) / expected);
        return (Math.Cbrt(statistic / freedom) - 1 + 2.0 / (9 * freedom)) / Math.Sqrt(2.0 / (9 * freedom));
    }

    /// <summary>
    /// The standard normal distribution function by Marsaglia's series ("Evaluating the normal distribution", 2004).
    /// </summary>
    public static double NormalCdf(double x)
    {
        if (Math.Abs(x) > 8)
        {
            return x > 0 ? 1 : 0;
        }

        var (sum, term) = (x, x);
        for (var k = 3; Math.Abs(term) > 1e-17; k += 2)
        {
            term *= x * x / k;
            sum += term;
        }

        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
