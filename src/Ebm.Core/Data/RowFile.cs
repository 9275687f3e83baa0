namespace Ebm.Core.Data;

/// <summary>Rows from a file of any format that is known, recognised by its first bytes.</summary>
public static class RowFile
{
    /// <summary>
    /// Reads IDX, NPY or CSV, plain or gzipped. With <paramref name="reading"/> values are scaled and binarised as a
    /// dataset's are; without one uint8 is scaled to [0, 1] and other values are taken as they are.
    /// </summary>
    /// <exception cref="InputException">The file is missing, of no known format or damaged.</exception>
    public static DataRows Read(string path, RowReading? reading = null, long limit = DataFile.DefaultLimit)
    {
        using var stored = ReadStored(path, limit);
        return (reading ?? RowReading.Plain).Apply(stored);
    }

    private static DataRows ReadStored(string path, long limit)
    {
        var start = new byte[512];
        using (var file = DataFile.Open(path))
        {
            start = start[..file.Read(start)];
        }

        if (NpyHeader.Matches(start))
        {
            return NpyFile.Read(path, limit);
        }

        if (IdxFile.Matches(start))
        {
            return IdxFile.Read(path, limit);
        }

        // A control character in the first bytes means some binary format.
        return Array.TrueForAll(start, b => b >= 0x20 || b is (byte)'\t' or (byte)'\r' or (byte)'\n')
            ? CsvFile.Read(path, null, limit)
            : throw new InputException(
                $"{path}: begins with the bytes {Convert.ToHexStringLower(start.AsSpan(0, Math.Min(8, start.Length)))}, "
                + "which is none of the formats known: IDX, NPY, CSV.");
    }
}
