using Ebm.Core;
using Ebm.Core.Native;
using Ebm.Data.Arrays;
using static TorchSharp.torch;

namespace Ebm.Data.Generated;

/// <summary>A file of known couplings: an NPY file with a symmetric matrix whose diagonal blocks are 0.</summary>
internal static class CouplingsFile
{
    /// <summary>Reads the couplings J [units width, units width], float32 on the CPU.</summary>
    /// <exception cref="InputException">
    /// The file is missing or damaged, or its matrix has another size, is not symmetric or couples a unit with itself.
    /// </exception>
    public static Tensor Read(string path, int units, int width)
    {
        using var rows = NpyFile.Read(path);
        var size = units * width;
        if (rows.Count != size || rows.Features != size)
        {
            throw new InputException($"{path}: has {rows.Count} rows of {rows.Features} numbers; "
                + $"expected a matrix of {size} by {size}, the couplings of {units} units"
                + (width > 1 ? $" of {width} categories." : "."));
        }

        using var scope = NewDisposeScope();
        var matrix = rows.Stored.to(ScalarType.Float32, copy: true);
        var blocks = ones(units, units).triu(0).sub(ones(units, units).triu(1))
            .repeat_interleave(width, 0).repeat_interleave(width, 1);
        Refuse(path, matrix.ne(matrix.t()), "is not symmetric", "expected the value of its transpose");
        Refuse(path, matrix.mul(blocks).IsNot(0), "couples a unit with itself", "expected 0");
        return matrix.MoveToOuterDisposeScope();
    }

    /// <summary>Number of units of the model whose couplings are in a file.</summary>
    /// <exception cref="InputException">The file is missing or damaged.</exception>
    public static int Units(string path, int width)
    {
        using var rows = NpyFile.Read(path);
        return rows.Count / width;
    }

    private static void Refuse(string path, Tensor bad, string what, string expected)
    {
        var index = bad.flatten().to_type(ScalarType.Int64).argmax().item<long>();
        var (row, column) = Math.DivRem(index, bad.shape[1]);
        if (bad[row, column].item<bool>())
        {
            throw new InputException($"{path}: {what}: row {row + 1}, column {column + 1}; {expected}.");
        }
    }
}
