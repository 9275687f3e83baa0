namespace Ebm.Core.Plans;

/// <summary>
/// Division of rows (or chains) into blocks, the unit of arithmetic: a block is computed as a whole, on one lane, so
/// results do not depend on the number of lanes.
/// </summary>
internal static class RowBlocks
{
    /// <summary>Rows in a block; the last block may have fewer.</summary>
    public const int Size = 64;

    /// <summary>Number of blocks of <paramref name="rows"/> rows.</summary>
    public static int Count(int rows) => (rows + Size - 1) / Size;

    /// <summary>The rows of block <paramref name="block"/>, from 0, of <paramref name="rows"/> rows.</summary>
    public static (int First, int Count) At(int block, int rows)
    {
        var first = block * Size;
        return (first, Math.Min(Size, rows - first));
    }

    /// <summary>The rows of each block of <paramref name="rows"/> rows, in order.</summary>
    public static IEnumerable<(int First, int Count)> All(int rows)
    {
        for (var block = 0; block < Count(rows); block++)
        {
            yield return At(block, rows);
        }
    }
}
