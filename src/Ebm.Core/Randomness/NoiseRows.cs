using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ebm.Core.Randomness;

/// <summary>An operation on 32 values with the random words of eight counters.</summary>
internal unsafe interface INoiseKernel
{
    /// <summary>
    /// Processes eight values each at <paramref name="values"/> + 0, 16, 32 and 48, with words 0, 1, 2 and 3.
    /// <paramref name="perColumn"/> points to the values of the same columns.
    /// </summary>
    void Apply(
        float* values,
        float* perColumn,
        Vector256<uint> w0,
        Vector256<uint> w1,
        Vector256<uint> w2,
        Vector256<uint> w3);
}

/// <summary>
/// Divides a matrix into blocks of 64 columns, and passes each its random words (the layout of <see cref="Philox"/>).
/// </summary>
internal static unsafe class NoiseRows
{
    private const int Block = 64;

    /// <summary>Applies a kernel to <paramref name="values"/>, [rows, columns], row after row in memory.</summary>
    /// <param name="kernel">The operation.</param>
    /// <param name="values">The matrix.</param>
    /// <param name="perColumn">[columns], or null for a kernel without per-column values.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns, any.</param>
    /// <param name="site">Site of the noise.</param>
    public static void Apply<TKernel>(
        TKernel kernel, float* values, float* perColumn, int rows, int columns, NoiseSite site)
        where TKernel : struct, INoiseKernel
    {
        var whole = columns - columns % Block;
        var rest = columns - whole;
        float* tail = stackalloc float[Block];
        float* tailPerColumn = stackalloc float[Block];
        if (perColumn != null)
        {
            new ReadOnlySpan<float>(perColumn + whole, rest).CopyTo(new Span<float>(tailPerColumn, Block));
        }

        for (var row = 0; row < rows; row++)
        {
            var at = values + (long)row * columns;
            for (var column = 0; column < whole; column += Block)
            {
                Columns(kernel, at + column, perColumn + column, Block, column, row, site);
            }

            if (rest > 0)
            {
                // Vector loads must stay within the row, so the last columns are copied to a block of their own.
                var last = new Span<float>(at + whole, rest);
                last.CopyTo(new Span<float>(tail, Block));
                Columns(kernel, tail, tailPerColumn, rest, whole, row, site);
                new ReadOnlySpan<float>(tail, rest).CopyTo(last);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Columns<TKernel>(
        TKernel kernel, float* values, float* perColumn, int count, int column, int row, NoiseSite site)
        where TKernel : struct, INoiseKernel
    {
        for (var half = 0; half < 16 && half < count; half += 8)
        {
            PhiloxLanes.Words(
                site.Key, (uint)(column / Block * 16 + half), site.FirstChain + (uint)row, site.Step, site.Draw,
                out var w0, out var w1, out var w2, out var w3);
            kernel.Apply(values + half, perColumn + half, w0, w1, w2, w3);
        }
    }
}
