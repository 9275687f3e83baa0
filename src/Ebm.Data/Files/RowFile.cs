using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Data.Arrays;
using Ebm.Data.Images;
using Ebm.Data.Text;
using static TorchSharp.torch;

namespace Ebm.Data.Files;

/// <summary>
/// Rows from a file of any supported format, recognised by its first bytes, or from a folder of PNGs.
/// </summary>
public static class RowFile
{
    /// <summary>
    /// Reads IDX, NPY, CSV or CIFAR-10's binary version (by the name *.bin), plain or gzipped, a PNG, or a folder of
    /// PNGs. uint8 is scaled to [0, 1]; other values are unchanged.
    /// </summary>
    /// <exception cref="InputException">The file is missing, damaged or of an unsupported format.</exception>
    public static DataRows Read(string path) => Read(path, null);

    /// <summary>
    /// Reads IDX, NPY, CSV or CIFAR-10's binary version (by the name *.bin), plain or gzipped, a PNG, or a folder of
    /// PNGs. With <paramref name="reading"/>, values are scaled and binarised like those of a dataset, and lines of
    /// text are encoded by its alphabet. Without it, uint8 is scaled to [0, 1] and other values are unchanged.
    /// </summary>
    /// <exception cref="InputException">The file is missing, damaged or of an unsupported format.</exception>
    internal static DataRows Read(string path, RowReading? reading = null, long limit = DataFile.DefaultLimit)
    {
        if (reading?.Alphabet is { } alphabet)
        {
            return TextFile.Read(path, alphabet, limit);
        }

        using var stored = ReadStored(path, reading?.Images ?? new PngReading(), limit);
        return (reading ?? RowReading.Plain).Apply(stored);
    }

    /// <summary>
    /// Reads rows with unknown values: NaN (in CSV also an empty field) stays NaN. Other values are read as by
    /// <see cref="Read(string, RowReading, long)"/>.
    /// </summary>
    /// <exception cref="InputException">The file is missing, damaged or of an unsupported format.</exception>
    internal static DataRows ReadKnown(string path, RowReading reading, long limit = DataFile.DefaultLimit)
    {
        if (reading.Alphabet is { } alphabet)
        {
            return TextFile.ReadKnown(path, alphabet, limit);
        }

        using var scope = NewDisposeScope();
        using var stored = ReadStored(path, reading.Images, limit, allowNaN: true);
        using var rows = reading.Apply(stored);
        var values = rows.Gather([.. Enumerable.Range(0, rows.Count)], CPU);
        var unknown = stored.Stored.to(ScalarType.Float32).isnan();
        return new DataRows(values.FilledWhere(unknown, float.NaN), 1, 0, stored.Labels, stored.Image);
    }

    private static DataRows ReadStored(string path, PngReading images, long limit, bool allowNaN = false)
    {
        if (Directory.Exists(path))
        {
            return PngFolder.Read(path, images, limit);
        }

        var start = new byte[512];
        using (var file = DataFile.Open(path))
        {
            start = start[..file.Read(start)];
        }

        if (NpyHeader.Matches(start))
        {
            return NpyFile.Read(path, limit, allowNaN);
        }

        if (IdxFile.Matches(start))
        {
            return IdxFile.Read(path, limit);
        }

        if (PngImage.Matches(start))
        {
            return PngFolder.Read(path, images, limit);
        }

        if (path.EndsWith(".bin", StringComparison.OrdinalIgnoreCase))
        {
            return CifarFile.Read(path, limit);
        }

        // A control character in the first bytes shows a binary format.
        return Array.TrueForAll(start, b => b >= 0x20 || b is (byte)'\t' or (byte)'\r' or (byte)'\n')
            ? CsvFile.Read(path, null, limit, allowNaN)
            : throw new InputException(
                $"{path}: begins with the bytes "
                    + $"{Convert.ToHexStringLower(start.AsSpan(0, Math.Min(8, start.Length)))}, "
                + "an unknown format; expected IDX, NPY, CSV, PNG or CIFAR-10 (*.bin).");
    }
}
