namespace Ebm.Core.Diagnostics;

/// <summary>Rank normalisation (Vehtari et al. 2021, section 4.1).</summary>
internal static class NormalScores
{
    /// <summary>
    /// z = Phi^-1((r - 3/8) / (S + 1/4)) for each draw, r being its rank among all S draws of all chains; equal draws
    /// share the mean of their ranks.
    /// </summary>
    public static ChainDraws Of(ChainDraws draws)
    {
        var values = draws.Values.ToArray();
        var place = new int[values.Length];
        for (var i = 0; i < place.Length; i++)
        {
            place[i] = i;
        }

        Array.Sort(values, place);
        var scores = new double[values.Length];
        for (var (first, end) = (0, 0); first < values.Length; first = end)
        {
            for (end = first + 1; end < values.Length && values[end] == values[first];)
            {
                end++;
            }

            var rank = (first + 1 + end) / 2.0;
            var score = NormalQuantile.At((rank - 0.375) / (values.Length + 0.25));
            for (var i = first; i < end; i++)
            {
                scores[place[i]] = score;
            }
        }

        return new ChainDraws(draws.Chains, scores);
    }
}
