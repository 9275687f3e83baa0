namespace Ebm.Core.Diagnostics;

/// <summary>Quantiles of all draws of all chains.</summary>
internal sealed class Quantiles
{
    private readonly double[] _sorted;

    private Quantiles(double[] sorted) => _sorted = sorted;

    /// <summary>Sorts them.</summary>
    public static Quantiles Of(ChainDraws draws)
    {
        var values = draws.Values.ToArray();
        Array.Sort(values);
        return new Quantiles(values);
    }

    /// <summary>
    /// Linear between order statistics (Hyndman and Fan 1996, definition 7, the usual one in R and NumPy).
    /// </summary>
    public double At(double probability)
    {
        // Counted from 1 as in R, so that rounding leads to the same order statistic.
        var place = 1 + ((_sorted.Length - 1) * probability);
        var below = (int)Math.Floor(place);
        var (low, high) = (_sorted[below - 1], _sorted[Math.Min(below, _sorted.Length - 1)]);
        var share = place - below;
        return share > 0 ? ((1 - share) * low) + (share * high) : low;
    }
}
