namespace Ebm.Core.Diagnostics;

/// <summary>
/// Number of independent draws that equal the chains' draws in information (Vehtari et al. 2021, sections 3.2 and 4.3,
/// with the rules of Stan and of R's package posterior). NaN where a draw is not finite or a chain has fewer than
/// <see cref="FewestDraws"/>; 0 where a chain is stuck: constant draws must not pass for independent ones.
/// </summary>
public static class EffectiveSampleSize
{
    /// <summary>Smallest number of draws of each chain; below it the result is NaN.</summary>
    public const int FewestDraws = 6;

    private const double LowerTail = 0.05, UpperTail = 0.95;

    /// <summary>Of the middle of the distribution: of the rank-normalised draws of split chains.</summary>
    public static double Bulk(ChainDraws draws) => Bulk(new RankedDraws(draws));

    /// <summary>
    /// Of the tails: the smaller of those of the events "at most the 5 % quantile" and "at most the 95 % quantile". NaN
    /// also where one of them is no event, since so many draws are equal that all or none of them belong to it.
    /// </summary>
    public static double Tail(ChainDraws draws) => Tail(new RankedDraws(draws));

    internal static double Bulk(RankedDraws ranked) => Undefined(ranked.Draws) ?? Of(ranked.Scores);

    internal static double Tail(RankedDraws ranked) => Undefined(ranked.Draws) ?? Math.Min(
        OfEvent(ranked.Draws, ranked.Quantiles.At(LowerTail)), OfEvent(ranked.Draws, ranked.Quantiles.At(UpperTail)));

    private static double? Undefined(ChainDraws draws) => draws switch
    {
        { IsFinite: false } or { Length: < FewestDraws } => double.NaN,
        { HasStuckChain: true } => 0,
        _ => null,
    };

    private static double OfEvent(ChainDraws draws, double bound)
    {
        var events = draws.Select(v => v <= bound ? 1 : 0).Split();
        return events.Values.ContainsAnyExcept(events.Values[0]) ? Of(events) : double.NaN;
    }

    /// <summary>Of chains as they are; at least three draws each, not all equal.</summary>
    private static double Of(ChainDraws draws)
    {
        var correlation = new Autocorrelation(draws);
        var rho = new double[draws.Length];
        rho[0] = 1;
        rho[1] = correlation.At(1);
        var (even, odd, last) = (1.0, rho[1], 0);

        // Geyer's initial positive sequence: pairs of lags, as long as their sum is positive.
        while (last < draws.Length - 5 && even + odd > 0)
        {
            last += 2;
            (even, odd) = (correlation.At(last), correlation.At(last + 1));
            if (even + odd >= 0)
            {
                (rho[last], rho[last + 1]) = (even, odd);
            }
        }

        // A last even lag of an odd number improves the estimate for antithetic chains.
        rho[last] = even > 0 ? even : rho[last];

        // Geyer's initial monotone sequence: sums of pairs do not rise.
        for (var lag = 2; lag <= last - 2; lag += 2)
        {
            if (rho[lag] + rho[lag + 1] > rho[lag - 2] + rho[lag - 1])
            {
                rho[lag] = rho[lag + 1] = (rho[lag - 2] + rho[lag - 1]) / 2;
            }
        }

        // Where no pair was taken, lag 0 counts twice: posterior's sum is never empty.
        var time = -1 + (2 * rho.Take(Math.Max(1, last)).Sum()) + rho[last];
        double count = draws.Values.Length;

        // Antithetic chains are better than independent ones, but what short chains say of it is not to be trusted.
        return count / Math.Max(time, 1 / Math.Log10(count));
    }
}
