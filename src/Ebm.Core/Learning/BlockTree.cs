using System.Numerics;

namespace Ebm.Core.Learning;

/// <summary>Blocks <paramref name="Begin"/> to <paramref name="End"/> - 1.</summary>
internal readonly record struct BlockRange(int Begin, int End)
{
    /// <summary>Number of blocks.</summary>
    public int Count => End - Begin;
}

/// <summary>
/// The order of sums over blocks: a fixed binary tree over global block numbers, in which the node over [lo, hi) splits
/// at lo + the largest power of two below hi - lo. Floating-point addition is not associative. This order alone
/// determines the bits of a gradient, not the lane that computed a block or its time of arrival.
/// </summary>
internal static class BlockTree
{
    /// <summary>
    /// Sums leaves 0 to <paramref name="leaves"/> - 1. Holds at most log2(leaves) + 1 partial sums at a time.
    /// </summary>
    /// <remarks><paramref name="add"/> may reuse its arguments: each value is passed to it once.</remarks>
    public static T Reduce<T>(int leaves, Func<int, T> leaf, Func<T, T, T> add) =>
        Reduce(Root(leaves), leaf, add);

    /// <summary>Sums the leaves of one subtree of <see cref="Split"/>.</summary>
    public static T Reduce<T>(BlockRange subtree, Func<int, T> leaf, Func<T, T, T> add)
    {
        if (subtree.Count == 1)
        {
            return leaf(subtree.Begin);
        }

        var (left, right) = Children(subtree);
        return add(Reduce(left, leaf, add), Reduce(right, leaf, add));
    }

    /// <summary>
    /// Divides all leaves into subtrees, in order: at least <paramref name="parts"/>, or one per leaf if there are
    /// fewer leaves. The largest subtree (the leftmost of equals) is divided until there are enough.
    /// </summary>
    public static IReadOnlyList<BlockRange> Split(int leaves, int parts)
    {
        var ranges = new List<BlockRange> { Root(leaves) };
        while (ranges.Count < Math.Min(parts, leaves))
        {
            var largest = 0;
            for (var i = 1; i < ranges.Count; i++)
            {
                largest = ranges[i].Count > ranges[largest].Count ? i : largest;
            }

            var (left, right) = Children(ranges[largest]);
            ranges[largest] = left;
            ranges.Insert(largest + 1, right);
        }

        return ranges;
    }

    /// <summary>
    /// Sums over all leaves from sums over subtrees: the same additions in the same order as a single Reduce.
    /// </summary>
    /// <exception cref="ArgumentException">The subtrees do not cover all leaves.</exception>
    public static T Merge<T>(int leaves, IReadOnlyDictionary<BlockRange, T> sums, Func<T, T, T> add) =>
        Merge(Root(leaves), sums, add);

    private static T Merge<T>(BlockRange node, IReadOnlyDictionary<BlockRange, T> sums, Func<T, T, T> add)
    {
        if (sums.TryGetValue(node, out var sum))
        {
            return sum;
        }

        if (node.Count == 1)
        {
            throw new ArgumentException($"The sums do not cover block {node.Begin}.", nameof(sums));
        }

        var (left, right) = Children(node);
        return add(Merge(left, sums, add), Merge(right, sums, add));
    }

    private static BlockRange Root(int leaves)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leaves, 1);
        return new BlockRange(0, leaves);
    }

    private static (BlockRange Left, BlockRange Right) Children(BlockRange node)
    {
        var middle = node.Begin + (int)(BitOperations.RoundUpToPowerOf2((uint)node.Count) / 2);
        return (node with { End = middle }, node with { Begin = middle });
    }
}
