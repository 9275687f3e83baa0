using System.Runtime.InteropServices;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Arrays;

/// <summary>
/// NumPy's array files, versions 1 to 3: little-endian float32 and float64, and uint8, in C order, first axis rows.
/// float64 is rounded to float32.
/// </summary>
internal static class NpyFile
{
    /// <summary>Reads rows as they are stored; three or four dimensions are images, channels first.</summary>
    /// <exception cref="InputException">
    /// The file is missing, damaged, of another type, above the limit in bytes, or has a value that is not finite.
    /// </exception>
    /// <param name="path">The file, plain or gzipped.</param>
    /// <param name="limit">Most bytes of values.</param>
    /// <param name="allowNaN">Accept NaN, which marks an unknown value.</param>
    public static DataRows Read(string path, long limit = DataFile.DefaultLimit, bool allowNaN = false)
    {
        using var file = DataFile.Open(path);
        var header = NpyHeader.Read(file);
        var size = header.Descr switch
        {
            "|u1" or "<u1" or "=u1" or "u1" => 1,
            "<f4" => 4,
            "<f8" => 8,
            ['>', ..] =>
                throw file.CreateError($"has big-endian values ({header.Descr}); save it with array.astype('<f4')"),
            _ => throw file.CreateError($"has values of type {header.Descr}; "
                + "expected <f4, <f8 or |u1 (array.astype('<f4'))"),
        };
        if (header.Fortran)
        {
            throw file.CreateError("is in Fortran order; save it with numpy.ascontiguousarray(array)");
        }

        var shape = RowShape.Of(file, header.Shape, size, limit);
        file.CheckClaim(shape.Length * size, limit);
        using var stored = empty([shape.Rows, shape.Features], size == 1 ? ScalarType.Byte : ScalarType.Float32);
        TensorChunks.ForEach(stored, (bytes, first) => ReadChunk(file, bytes, first, shape.Features, size, allowNaN));
        file.ExpectEnd();
        return new DataRows(stored.alias(), 1, 0, null, shape.Image);
    }

    private static void ReadChunk(DataFile file, Span<byte> bytes, long first, int features, int size, bool allowNaN)
    {
        if (size == 8)
        {
            ReadDoubles(file, MemoryMarshal.Cast<byte, float>(bytes), first, features, allowNaN);
            return;
        }

        file.Fill(bytes, "values");
        if (size == 4)
        {
            FiniteCheck.Check(file, MemoryMarshal.Cast<byte, float>(bytes), first, features, allowNaN);
        }
    }

    private static void ReadDoubles(DataFile file, Span<float> target, long first, int features, bool allowNaN)
    {
        var buffer = new double[Math.Min(target.Length, 1 << 14)];
        for (var done = 0; done < target.Length; done += buffer.Length)
        {
            var part = buffer.AsSpan(0, Math.Min(buffer.Length, target.Length - done));
            file.Fill(MemoryMarshal.AsBytes(part), "values");
            for (var i = 0; i < part.Length; i++)
            {
                var value = (float)part[i];
                target[done + i] = float.IsFinite(value) || (allowNaN && double.IsNaN(part[i]))
                    ? value
                    : throw FiniteCheck.CreateError(file, part[i], first + done + i, features);
            }
        }
    }
}
