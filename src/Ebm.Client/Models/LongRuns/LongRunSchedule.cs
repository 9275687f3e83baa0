namespace Ebm.Client.Models.LongRuns;

/// <summary>The steps after which a long run computes metrics.</summary>
internal static class LongRunSchedule
{
    /// <summary>
    /// The turns with metrics: at the start, after about 1, 2, 5, 10, 20, 50, ... steps, and at the end; each rounded
    /// up to complete turns of <paramref name="stepsPerTurn"/>.
    /// </summary>
    public static IReadOnlyList<long> Turns(long steps, int stepsPerTurn) =>
        [.. Steps(steps).Select(step => (step + stepsPerTurn - 1) / stepsPerTurn).Distinct()];

    private static IEnumerable<long> Steps(long last)
    {
        yield return 0;
        for (var decade = 1L; decade < last; decade *= 10)
        {
            foreach (var step in new[] { decade, 2 * decade, 5 * decade }.Where(step => step < last))
            {
                yield return step;
            }
        }

        yield return last;
    }
}
