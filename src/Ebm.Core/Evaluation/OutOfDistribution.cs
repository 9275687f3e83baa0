namespace Ebm.Core.Evaluation;

/// <summary>
/// How well a score, here the energy, tells rows of the model's kind (inside) from others (outside): high means
/// outside.
/// </summary>
/// <param name="Auroc">
/// Area under the ROC curve: the probability that a row from outside has the higher score of a pair, equal scores
/// counting one half. 1 separates all pairs, 0.5 none.
/// </param>
/// <param name="Fpr95">
/// False positives at 95 % true positives, an inside row being a positive: with the least threshold at or below which
/// at least 95 % of the inside rows lie, the share of outside rows at or below it. 0 is best.
/// </param>
internal readonly record struct OutOfDistribution(double Auroc, double Fpr95)
{
    private const double TruePositives = 0.95;

    /// <summary>
    /// Of the scores of rows; NaN where one of them is NaN. Infinite scores have their place in the order.
    /// </summary>
    /// <exception cref="ArgumentException">One side has no rows.</exception>
    public static OutOfDistribution Of(ReadOnlySpan<float> inside, ReadOnlySpan<float> outside)
    {
        if (inside.IsEmpty || outside.IsEmpty)
        {
            throw new ArgumentException("Both sides need rows.", nameof(inside));
        }

        if (HasNaN(inside) || HasNaN(outside))
        {
            return new OutOfDistribution(double.NaN, double.NaN);
        }

        var (within, without) = (Sorted(inside), Sorted(outside));
        return new OutOfDistribution(Area(within, without), AtThreshold(within, without));
    }

    private static double Area(float[] inside, float[] outside)
    {
        // Of each outside row, the inside rows below it and those equal to it; both sides move up together.
        var (below, notAbove, halves) = (0, 0, 0L);
        foreach (var score in outside)
        {
            while (below < inside.Length && inside[below] < score)
            {
                below++;
            }

            while (notAbove < inside.Length && inside[notAbove] <= score)
            {
                notAbove++;
            }

            halves += below + notAbove;
        }

        return halves / (2.0 * inside.Length * outside.Length);
    }

    private static double AtThreshold(float[] inside, float[] outside)
    {
        var threshold = inside[(int)Math.Ceiling(TruePositives * inside.Length) - 1];
        return outside.Count(score => score <= threshold) / (double)outside.Length;
    }

    private static bool HasNaN(ReadOnlySpan<float> scores)
    {
        foreach (var score in scores)
        {
            if (float.IsNaN(score))
            {
                return true;
            }
        }

        return false;
    }

    private static float[] Sorted(ReadOnlySpan<float> scores)
    {
        var sorted = scores.ToArray();
        Array.Sort(sorted);
        return sorted;
    }
}
