namespace Ebm.Reporting.Plots;

/// <summary>Values over rounds, of which some may not be finite.</summary>
internal sealed record Series(double[] Rounds, double[] Values)
{
    /// <summary>The rounds whose value is not finite.</summary>
    public double[] NotFinite { get; init; } = [.. Rounds.Where((_, i) => !double.IsFinite(Values[i]))];

    /// <summary>
    /// The longest stretches without a value that is not finite: a line is drawn through each, and none between.
    /// </summary>
    public IEnumerable<(double[] Rounds, double[] Values)> Stretches()
    {
        for (var start = 0; start < Values.Length; start++)
        {
            var end = start;
            while (end < Values.Length && double.IsFinite(Values[end]))
                end++;
            if (end > start)
                yield return (Rounds[start..end], Values[start..end]);
            start = end;
        }
    }

    /// <summary>
    /// Each finite value as the mean of the finite ones at most <paramref name="reach"/> places away. At the ends the
    /// mean is of one side, so that it stays as calm there as elsewhere.
    /// </summary>
    public Series Smoothed(int reach)
    {
        var sums = new double[Values.Length + 1];
        var counts = new int[Values.Length + 1];
        for (var i = 0; i < Values.Length; i++)
        {
            var finite = double.IsFinite(Values[i]);
            sums[i + 1] = sums[i] + (finite ? Values[i] : 0);
            counts[i + 1] = counts[i] + (finite ? 1 : 0);
        }

        return this with
        {
            Values = [.. Values.Select((value, i) =>
            {
                var (from, to) = (Math.Max(0, i - reach), Math.Min(Values.Length, i + reach + 1));
                return double.IsFinite(value) ? (sums[to] - sums[from]) / (counts[to] - counts[from]) : value;
            })],
        };
    }

    /// <summary>
    /// At most about <paramref name="most"/> points that draw the same line: the least and the greatest value of each
    /// bucket of neighbours. A bucket with a value that is not finite keeps one of these too.
    /// </summary>
    public Series Thinned(int most)
    {
        if (Values.Length <= most)
            return this;
        var size = (2 * Values.Length + most - 1) / most;
        var kept = new List<int>();
        foreach (var bucket in Enumerable.Range(0, Values.Length).Chunk(size))
        {
            var finite = bucket.Where(i => double.IsFinite(Values[i])).ToArray();
            var broken = bucket.Where(i => !double.IsFinite(Values[i])).Take(1);
            int[] ends = finite.Length == 0 ? [] : [finite.MinBy(i => Values[i]), finite.MaxBy(i => Values[i])];
            kept.AddRange(ends.Concat(broken).Distinct().Order());
        }

        return new Series([.. kept.Select(i => Rounds[i])], [.. kept.Select(i => Values[i])]);
    }
}
