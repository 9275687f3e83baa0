using System.Globalization;
using System.Text;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Data.Files;

namespace Ebm.Data.Text;

/// <summary>
/// Comma-separated numbers with a point as decimal mark, UTF-8. The first line is a header if it holds the label
/// column's name or no number at all. Empty lines are skipped. The values are float32.
/// </summary>
internal static class CsvFile
{
    private const int MaxLine = 1 << 24;

    /// <summary>Reads rows, and labels if there is a label column.</summary>
    /// <param name="path">The file, plain or gzipped.</param>
    /// <param name="labelColumn">Name (in the header) or number (from 1) of the label column.</param>
    /// <param name="limit">Most bytes of values.</param>
    /// <param name="allowNaN">Read an empty field or "nan" as NaN, which marks an unknown value.</param>
    /// <exception cref="InputException">The file is missing or damaged; the message names line and column.</exception>
    public static DataRows Read(
        string path, string? labelColumn = null, long limit = DataFile.DefaultLimit, bool allowNaN = false)
    {
        using var file = DataFile.Open(path);
        var lines = new LineReader(file, MaxLine);
        CsvRows? rows = null;
        while (lines.TryRead(out var line))
        {
            if (line.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            if (rows is null)
            {
                var names = Names(line);
                var header = IsHeader(line, names, labelColumn);
                rows = new CsvRows(file, names.Count, LabelIndex(file, names, header, labelColumn), limit, allowNaN);
                if (header)
                {
                    continue;
                }
            }

            rows.Add(line, lines.Line);
        }

        return rows is { Count: > 0 }
            ? rows.ToRows()
            : throw file.CreateError("has no row; expected lines of comma-separated numbers");
    }

    private static List<string> Names(ReadOnlySpan<byte> line)
    {
        var names = new List<string>();
        var fields = new CsvFields(line);
        while (fields.MoveNext())
        {
            names.Add(Encoding.UTF8.GetString(fields.Field).Replace("\"\"", "\"", StringComparison.Ordinal));
        }

        return names;
    }

    /// <summary>
    /// Whether the first line is a header. A line that mixes names and numbers is not: a typing error in the first row
    /// must not lose the row.
    /// </summary>
    private static bool IsHeader(ReadOnlySpan<byte> line, List<string> names, string? labelColumn)
    {
        if (labelColumn is not null && Number(labelColumn) is null && names.Contains(labelColumn))
        {
            return true;
        }

        var fields = new CsvFields(line);
        while (fields.MoveNext())
        {
            if (fields.Field.IsEmpty || float.TryParse(fields.Field, NumberStyles.Float, CultureInfo.InvariantCulture,
                out _)
                || IsNonFiniteName(fields.Field))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a field is another program's name of a number that is not finite. A line with one is data, not a header,
    /// and is refused as data.
    /// </summary>
    private static bool IsNonFiniteName(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field).TrimStart('+', '-').ToUpperInvariant() is "NAN" or "INF" or "INFINITY" or "NA"
            or "NULL";

    private static int LabelIndex(DataFile file, List<string> names, bool header, string? labelColumn)
    {
        if (labelColumn is null)
        {
            return -1;
        }

        var index = header ? names.IndexOf(labelColumn) : -1;
        index = index < 0 && Number(labelColumn) is { } number && number <= names.Count ? number - 1 : index;
        if (index < 0)
        {
            throw file.CreateError($"has no column '{labelColumn}' for the labels; "
                + (header ? $"its columns are {string.Join(", ", names.Take(20))}" : "it has no header line")
                + $", numbered 1 to {names.Count}");
        }

        return names.Count > 1
            ? index
            : throw file.CreateError("has only the label column; expected at least one column of values");
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
}
