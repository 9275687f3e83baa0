namespace Ebm.Core.Plans;

/// <summary>
/// The unit of arithmetic: chains, and rows, are computed in blocks of this size, each whole and on one lane.
/// </summary>
public static class RowBlocks
{
    /// <summary>Rows in a block; the last one of a run may have fewer.</summary>
    public const int Size = 64;

    /// <summary>Number of blocks that hold this many rows.</summary>
    public static int Of(int rows) => (rows + Size - 1) / Size;
}
