namespace Ebm.Core.Diagnostics;

/// <summary>
/// The ratio of two measurements that were taken in pairs: the geometric mean, and where it lies with 95 % confidence.
/// </summary>
/// <param name="Mean">Geometric mean of the pairs' ratios.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Pairs">Number of pairs.</param>
internal readonly record struct PairedRatio(double Mean, double Low, double High, int Pairs)
{
    /// <summary>Of the pairs' ratios: Student's interval of their logarithms.</summary>
    /// <exception cref="ArgumentException">There are fewer than five, or one is not positive.</exception>
    public static PairedRatio Of(IReadOnlyList<double> ratios)
    {
        if (ratios.Count < 5 || ratios.Any(r => !(r > 0)))
        {
            throw new ArgumentException(
                "An interval needs five pairs or more, and ratios that are positive.", nameof(ratios));
        }

        double[] logs = [.. ratios.Select(r => Math.Log(r))];
        var mean = logs.Average();
        var variance = logs.Sum(l => (l - mean) * (l - mean)) / (logs.Length - 1);
        var half = Student(0.975, logs.Length - 1) * Math.Sqrt(variance / logs.Length);
        return new PairedRatio(Math.Exp(mean), Math.Exp(mean - half), Math.Exp(mean + half), logs.Length);
    }

    /// <summary>
    /// A quantile of Student's distribution, to three digits from four degrees of freedom on (Abramowitz and Stegun,
    /// 26.7.5).
    /// </summary>
    internal static double Student(double p, int freedom)
    {
        var x = NormalQuantile.At(p);
        var (x2, n) = (x * x, (double)freedom);
        var first = x * (x2 + 1) / 4;
        var second = x * ((((5 * x2) + 16) * x2) + 3) / 96;
        var third = x * ((((((3 * x2) + 19) * x2) + 17) * x2) - 15) / 384;
        var fourth = x * ((((((((79 * x2) + 776) * x2) + 1482) * x2) - 1920) * x2) - 945) / 92160;
        return x + (first / n) + (second / (n * n)) + (third / (n * n * n)) + (fourth / (n * n * n * n));
    }
}
