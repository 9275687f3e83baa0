namespace Ebm.Core.Learning;

/// <summary>How often each class comes in the training data.</summary>
/// <param name="Counts">Training rows of each class, none of them 0.</param>
public sealed record ClassFrequencies(IReadOnlyList<int> Counts)
{
    /// <summary>Those of labels from 0 to <paramref name="classes"/> - 1.</summary>
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
    /// Labels in these shares, as evenly spread as whole numbers allow: first each class once, then always the one that
    /// lacks most. So any stretch of them has about these shares too.
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
                next = Lack(y) > Lack(next) ? y : next;
            }

            labels[i] = next;
            given[next]++;

            // What its share of the labels so far exceeds its number by, times all rows: whole numbers, so exact.
            long Lack(int y) => (Counts[y] * (i + 1L)) - (given[y] * total);
        }

        return labels;
    }
}
