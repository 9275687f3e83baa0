namespace Ebm.Core.Learning;

/// <summary>Class frequencies of the training data.</summary>
/// <param name="Counts">Training rows of each class, all positive.</param>
internal sealed record ClassFrequencies(IReadOnlyList<int> Counts)
{
    /// <summary>Counts labels from 0 to <paramref name="classes"/> - 1.</summary>
    public static ClassFrequencies Of(ReadOnlySpan<int> labels, int classes)
    {
        var counts = new int[classes];
        foreach (var label in labels)
        {
            counts[label]++;
        }

        return new ClassFrequencies(counts);
    }

    /// <summary>
    /// A sequence of labels in proportion to the frequencies, spread evenly: first each class once, then always the
    /// class with the largest deficit. So every section of the sequence has about these proportions.
    /// </summary>
    public int[] Spread(int length)
    {
        var (total, given) = (Counts.Sum(c => (long)c), new long[Counts.Count]);
        var labels = new int[length];
        for (var i = 0; i < length; i++)
        {
            var next = i < given.Length ? i : 0;
            for (var y = 1; i >= given.Length && y < given.Length; y++)
            {
                next = Deficit(y) > Deficit(next) ? y : next;
            }

            labels[i] = next;
            given[next]++;

            // The deficit of a class: its expected count minus its count, times all rows. Integers, so exact.
            long Deficit(int y) => (Counts[y] * (i + 1L)) - (given[y] * total);
        }

        return labels;
    }
}
