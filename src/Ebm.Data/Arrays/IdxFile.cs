using System.Buffers.Binary;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Arrays;

/// <summary>
/// IDX, the format of MNIST (http://yann.lecun.com/exdb/mnist/): two zero bytes, a type code, the number of dimensions,
/// each dimension as a big-endian uint32, then the values. Supported: uint8 in 1 to 4 dimensions, plain or gzipped.
/// </summary>
internal static class IdxFile
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Reads rows, uint8 and unscaled; three or four dimensions are images.</summary>
    /// <exception cref="InputException">The file is missing, damaged, of another type, or above the limit in
    /// bytes.</exception>
    public static DataRows Read(string path, long limit = DataFile.DefaultLimit)
    {
        using var file = DataFile.Open(path);
        var shape = ReadHeader(file, limit);
        using var stored = empty([shape.Rows, shape.Features], ScalarType.Byte);
        TensorChunks.ForEach(stored, (bytes, _) => file.Fill(bytes, "values"));
        file.ExpectEnd();
        return new DataRows(stored.alias(), 1, 0, null, shape.Image);
    }

    /// <summary>Reads a class for each of <paramref name="rows"/> rows.</summary>
    /// <exception cref="InputException">As for <see cref="Read"/>, or the number of labels differs.</exception>
    public static int[] ReadLabels(string path, int rows, long limit = DataFile.DefaultLimit)
    {
        using var file = DataFile.Open(path);
        var shape = ReadHeader(file, limit);
        if (shape.Features != 1)
        {
            throw file.CreateError($"has {shape.Rows} rows of {shape.Features} values; "
                + "expected one dimension of labels");
        }

        if (shape.Rows != rows)
        {
            throw file.CreateError($"has {shape.Rows} labels; expected {rows}, one for each row");
        }

        var bytes = new byte[rows];
        file.Fill(bytes, "labels");
        file.ExpectEnd();
        return Array.ConvertAll(bytes, b => (int)b);
    }

    /// <summary>Whether a file that begins with these bytes is IDX.</summary>
    internal static bool Matches(ReadOnlySpan<byte> start) => start is [0, 0, >= 0x08 and <= 0x0e, >= 1 and <= 4, ..];

    private static RowShape ReadHeader(DataFile file, long limit)
    {
        Span<byte> magic = stackalloc byte[4];
        file.Fill(magic, "the IDX magic number");
        if (magic is not [0, 0, >= 0x08 and <= 0x0e, _])
        {
            throw file.CreateError($"begins with the bytes {Convert.ToHexStringLower(magic)}; "
                + "an IDX file begins with 0000, a type "
                + "(08 to 0e) and the number of dimensions");
        }

        if (magic[2] != UnsignedByte)
        {
            throw file.CreateError($"has IDX values of type 0x{magic[2]:x2}; expected uint8 (0x08). "
                + "Save other types as NPY");
        }

        if (magic[3] is < 1 or > 4)
        {
            throw file.CreateError($"has {magic[3]} dimensions; expected 1 to 4");
        }

        Span<byte> sizes = stackalloc byte[4 * magic[3]];
        file.Fill(sizes, "the sizes of the dimensions");
        var dims = new long[magic[3]];
        for (var i = 0; i < dims.Length; i++)
        {
            dims[i] = BinaryPrimitives.ReadUInt32BigEndian(sizes[(4 * i)..]);
        }

        var shape = RowShape.Of(file, dims, 1, limit);
        file.CheckClaim(shape.Length, limit);
        return shape;
    }
}
