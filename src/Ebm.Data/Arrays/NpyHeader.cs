using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ebm.Data.Files;

namespace Ebm.Data.Arrays;

/// <summary>
/// The header of an NPY file (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html): magic, version,
/// its own length, and a Python dictionary with the three keys descr, fortran_order and shape.
/// </summary>
internal sealed partial record NpyHeader(string Descr, bool Fortran, long[] Shape)
{
    /// <summary>
    /// Longest header, in bytes. An array of four dimensions needs under 200; structured types are refused.
    /// </summary>
    private const int MaxLength = 1 << 16;

    /// <summary>Whether a file that begins with these bytes is NPY.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) => start is [0x93, ..] && start[1..].StartsWith("NUMPY"u8);

    /// <summary>Reads magic, version and dictionary; the next byte of the file is the first value.</summary>
    public static NpyHeader Read(DataFile file)
    {
        Span<byte> start = stackalloc byte[8];
        file.Fill(start, "the NPY magic number and version");
        if (!Matches(start))
        {
            throw file.CreateError($"begins with the bytes {Convert.ToHexStringLower(start[..6])}; "
                + "an NPY file begins with 934e554d5059");
        }

        if (start[6] is < 1 or > 3 || start[7] != 0)
        {
            throw file.CreateError($"is NPY version {start[6]}.{start[7]}; expected 1.0, 2.0 or 3.0");
        }

        Span<byte> size = stackalloc byte[start[6] == 1 ? 2 : 4];
        file.Fill(size, "the length of the header");
        var length = size.Length == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(size)
            : BinaryPrimitives.ReadUInt32LittleEndian(size);
        if (length > MaxLength)
        {
            throw file.CreateError($"claims a header of {length} bytes; expected at most {MaxLength}");
        }

        var text = new byte[length];
        file.Fill(text, "the header");
        return Parse(file, text);
    }

    private static NpyHeader Parse(DataFile file, byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        var descr = Descriptor().Match(text);
        var order = Order().Match(text);
        var shape = Dimensions().Match(text);
        if (!descr.Success || !order.Success || !shape.Success)
        {
            var missing = !descr.Success ? "descr with a plain type" : !order.Success ? "fortran_order" : "shape";
            throw file.CreateError($"its header {DataFile.Quote(bytes)} has no {missing}; "
                + "expected one array of numbers");
        }

        var dims = shape.Groups[1].Value.Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new NpyHeader(descr.Groups[1].Value, order.Groups[1].Value == "True",
            [.. dims.Select(d => Dimension(file, d))]);
    }

    private static long Dimension(DataFile file, string text) =>
        long.TryParse(text.TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw file.CreateError($"its header has the dimension {text}; expected an integer of at most 18 digits");

    [GeneratedRegex("""['"]descr['"]\s*:\s*['"]([^'"]*)['"]""", RegexOptions.NonBacktracking)]
    private static partial Regex Descriptor();

    [GeneratedRegex("""['"]fortran_order['"]\s*:\s*(True|False)""", RegexOptions.NonBacktracking)]
    private static partial Regex Order();

    [GeneratedRegex("""['"]shape['"]\s*:\s*\(([0-9L,\s]*)\)""", RegexOptions.NonBacktracking)]
    private static partial Regex Dimensions();
}
