using Ebm.Core.Randomness;

namespace Ebm.Core.Data;

/// <summary>A keyed order of rows.</summary>
internal static class Permutation
{
    /// <summary>The numbers 0 to <paramref name="count"/> - 1 in an order that is a function of the key (Fisher and Yates).</summary>
    public static int[] Of(RandomKey key, int count)
    {
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        var draws = new RowDraws(key, 0);
        for (var i = count - 1; i > 0; i--)
        {
            var j = draws.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
