using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Data.Arrays;
using Ebm.Data.Images;
using Ebm.Data.Text;
using static TorchSharp.torch;

namespace Ebm.Data.Files;

/// <summary>
/// Rows from a file of any format that is known, recognised by its first bytes, or from a folder of PNGs.
/// </summary>
public static class RowFile
{
    /// <summary>
    /// Reads IDX, NPY, CSV or CIFAR-10's binary version (by the name *.bin), plain or gzipped, a PNG, or a folder of
    /// PNGs. With
    /// <paramref name="reading"/> values are scaled and binarised as a dataset's are, and lines of text are read where
    /// those are text; without one uint8 is scaled to [0, 1] and other values are taken as they are.
    /// </summary>
    /// <exception cref="InputException">The file is missing, of no known format or damaged.</exception>
    public static DataRows Read(string path, RowReading? reading = null, long limit = DataFile.DefaultLimit)
    {
        if (reading?.Alphabet is { } alphabet)
        {
            return TextFile.Read(path, alphabet, limit);
        }

        using var stored = ReadStored(path, reading?.Images ?? new PngReading(), limit);
        return (reading ?? RowReading.Plain).Apply(stored);
    }

    /// <summary>
    /// Reads rows of which not all values are known: NaN (in CSV also an empty field) stays NaN. The others are read as
    /// by
    /// <see cref="Read"/>.
    /// </summary>
    /// <exception cref="InputException">The file is missing, of no known format or damaged.</exception>
    public static DataRows ReadKnown(string path, RowReading reading, long limit = DataFile.DefaultLimit)
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

        // A control character in the first bytes means some binary format.
        return Array.TrueForAll(start, b => b >= 0x20 || b is (byte)'\t' or (byte)'\r' or (byte)'\n')
            ? CsvFile.Read(path, null, limit, allowNaN)
            : throw new InputException(
                $"{path}: begins with the bytes "
                    + $"{Convert.ToHexStringLower(start.AsSpan(0, Math.Min(8, start.Length)))}, "
                + "which is none of the formats known: IDX, NPY, CSV, PNG, CIFAR-10 (*.bin).");
    }
}
