namespace Ebm.Core.Diagnostics;

/// <summary>
/// Whether chains agree with one another: about 1 where each of them has seen what all have. Below 1.01 is good
/// (Vehtari, Gelman, Simpson, Carpenter, Bürkner, "Rank-normalization, folding, and localization", Bayesian Analysis
/// 2021).
/// </summary>
public static class RHat
{
    /// <summary>Smallest number of draws of each chain: halves of one draw have no variance.</summary>
    public const int FewestDraws = 4;

    /// <summary>
    /// The rank-normalised split R-hat: the larger of the one of the draws (do chains differ in place?) and the one of
    /// their distances from the median (do they differ in width?). NaN where a draw is not finite or a chain has fewer
    /// than
    /// <see cref="FewestDraws"/>; infinite where a chain is stuck: it says nothing about what it would have drawn.
    /// </summary>
    public static double Of(ChainDraws draws) => Of(new RankedDraws(draws));

    /// <summary>
    /// Nested R-hat, for many short chains (Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari, Gelman, "Nested
    /// R-hat", Bayesian Analysis 2024, equations 15 to 19): whether superchains agree with one another, each of which
    /// is
    /// <paramref name="perSuperchain"/> neighbouring chains that started alike. It is sqrt(1 + B / W), B being the
    /// variance of the superchains' means, W the mean over superchains of the variance of their chains' means plus the
    /// mean variance within their chains (0 of a single chain or draw). So it is at least 1, and about sqrt(1 + 1 /
    /// (perSuperchain * draws)) at best. NaN where a draw is not finite; infinite where nothing in a superchain
    /// differs.
    /// </summary>
    public static double Nested(ChainDraws draws, int perSuperchain)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSuperchain, 1);
        var superchains = draws.Chains / perSuperchain;
        if (superchains < 2 || superchains * perSuperchain != draws.Chains)
        {
            throw new ArgumentException(
                $"{draws.Chains} chains are not two or more superchains of {perSuperchain}.", nameof(perSuperchain));
        }

        if (!draws.IsFinite)
        {
            return double.NaN;
        }

        var (means, within) = (new double[superchains], 0.0);
        for (var k = 0; k < superchains; k++)
        {
            var chains = Enumerable.Range(k * perSuperchain, perSuperchain).ToArray();
            var chainMeans = Array.ConvertAll(chains, draws.Mean);
            if (draws.Length > 1 && Array.TrueForAll(chains, draws.IsStuck))
            {
                return double.PositiveInfinity;
            }

            means[k] = Moments.Mean(chainMeans);
            within += perSuperchain > 1 ? Moments.Variance(chainMeans) : 0;
            within += draws.Length > 1 ? chains.Average(chain => Moments.Variance(draws[chain])) : 0;
        }

        within /= superchains;
        return within > 0 ? Math.Sqrt(1 + (Moments.Variance(means) / within)) : double.PositiveInfinity;
    }

    internal static double Of(RankedDraws ranked) => ranked.Draws switch
    {
        { IsFinite: false } or { Length: < FewestDraws } => double.NaN,
        { HasStuckChain: true } => double.PositiveInfinity,
        _ => Math.Max(OfScores(ranked.Scores), OfFolded(ranked)),
    };

    private static double OfFolded(RankedDraws ranked)
    {
        var median = ranked.Quantiles.At(0.5);
        return OfScores(NormalScores.Of(ranked.Draws.Select(v => Math.Abs(v - median)).Split()));
    }

    /// <summary>
    /// sqrt((B / W + N - 1) / N): N draws a chain, B = N times the variance of their means, W their mean variance.
    /// </summary>
    private static double OfScores(ChainDraws draws)
    {
        var within = Enumerable.Range(0, draws.Chains).Average(chain => Moments.Variance(draws[chain]));
        var between = draws.Length * Moments.Variance(draws.Means());
        return Math.Sqrt(((between / within) + draws.Length - 1) / draws.Length);
    }
}
