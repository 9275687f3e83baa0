using System.Runtime.InteropServices;
using System.Text;
using Ebm.Core;
using Ebm.Core.Datasets;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Data.Files;
using static TorchSharp.torch;

namespace Ebm.Data.Text;

/// <summary>
/// Lines of UTF-8 text, plain or gzipped: one line is one row. A line has 1 to a row's length of characters, all of the
/// alphabet, and ends with a line feed.
/// </summary>
internal static class TextFile
{
    private const int MaxLine = 1 << 20;
    private const string Expected = "lines of text";

    /// <summary>The alphabet of a spec; characters and length that it omits come from the training file.</summary>
    /// <exception cref="InputException">The file is missing, is not text, or has too many different
    /// characters.</exception>
    public static Alphabet AlphabetOf(TextDataSpec spec)
    {
        if (spec is { Alphabet: { } given, Length: > 0 })
        {
            return new Alphabet(given.EnumerateRunes(), spec.Length);
        }

        var characters = new SortedSet<Rune>();
        var longest = 0;
        using var file = DataFile.Open(spec.Path);
        ForEachLine(file, (line, number) =>
        {
            var column = 0;
            foreach (var character in new TextLine(file, line, number))
            {
                characters.Add(character);
                column++;
            }

            longest = Math.Max(longest, column);
        });
        return spec.Alphabet is not null || characters.Count <= Alphabet.MostCharacters
            ? new Alphabet(
                spec.Alphabet?.EnumerateRunes() ?? characters.AsEnumerable(), spec.Length > 0 ? spec.Length : longest)
            : throw file.CreateError($"has {characters.Count} different characters; expected at most "
                + $"{Alphabet.MostCharacters}. List the characters to keep in data.alphabet, and replace the others in "
                + "the file");
    }

    /// <summary>Reads all rows: category numbers, uint8 [lines, length].</summary>
    /// <exception cref="InputException">The file is missing or a line is not valid; the message names line and
    /// character.</exception>
    public static DataRows Read(string path, Alphabet alphabet, long limit = DataFile.DefaultLimit)
    {
        var codes = Codes(path, alphabet, limit, allowFree: false).Codes;
        using var stored = empty([codes.Count / alphabet.Length, alphabet.Length], ScalarType.Byte);
        CollectionsMarshal.AsSpan(codes).CopyTo(stored.bytes);
        return new DataRows(stored.alias(), 1, 0, null, null);
    }

    /// <summary>
    /// Reads rows with unknown characters: float32, NaN at each occurrence of the alphabet's free mark.
    /// </summary>
    /// <exception cref="InputException">As for <see cref="Read"/>.</exception>
    public static DataRows ReadKnown(string path, Alphabet alphabet, long limit)
    {
        var (codes, free) = Codes(path, alphabet, limit, allowFree: true);
        var values = codes.ConvertAll(code => (float)code).ToArray();
        free.ForEach(index => values[index] = float.NaN);
        using var stored = tensor(values, [values.Length / alphabet.Length, alphabet.Length]);
        return new DataRows(stored.alias(), 1, 0, null, null);
    }

    private static (List<byte> Codes, List<int> Free) Codes(string path, Alphabet alphabet, long limit, bool allowFree)
    {
        var (codes, free) = (new List<byte>(), new List<int>());
        using var file = DataFile.Open(path);
        ForEachLine(file, (line, number) =>
        {
            var end = codes.Count + alphabet.Length;
            if (end > Math.Min(limit, Array.MaxLength))
            {
                throw file.CreateError($"exceeds the limit of {Math.Min(limit, Array.MaxLength)} characters, "
                    + "including the padding of its lines");
            }

            foreach (var character in new TextLine(file, line, number))
            {
                if (codes.Count == end)
                {
                    throw file.CreateError($"line {number} is longer than the {alphabet.Length} characters of a row: "
                        + $"{DataFile.Quote(line)}. "
                        + "Raise data.length, or shorten the line");
                }

                if (allowFree && character == alphabet.FreeMark)
                {
                    free.Add(codes.Count);
                }
                else if (!alphabet.TryCategory(character, out _))
                {
                    throw file.CreateError($"line {number}, character {codes.Count + alphabet.Length - end + 1}: "
                        + $"{Quote.Character(character)} is not in the "
                        + $"alphabet {Quote.Text(alphabet.Characters)}");
                }

                codes.Add(alphabet.TryCategory(character, out var category) ? category : alphabet.Padding);
            }

            codes.AddRange(Enumerable.Repeat(alphabet.Padding, end - codes.Count));
        });
        return (codes, free);
    }

    private static void ForEachLine(DataFile file, TextLineVisit visit)
    {
        var lines = new LineReader(file, MaxLine, Expected, keepReturns: true);
        while (lines.TryRead(out var line))
        {
            if (line is [.., (byte)'\r'])
            {
                throw file.CreateError($"line {lines.Line} ends with CR LF; expected LF. "
                    + @"Convert the file: sed -i 's/\r$//' FILE");
            }

            if (line.IsEmpty)
            {
                throw file.CreateError($"line {lines.Line} is empty; expected at least one character");
            }

            visit(line, lines.Line);
        }

        if (lines.Line == 0)
        {
            throw file.CreateError($"has no line; expected {Expected}");
        }
    }

    private delegate void TextLineVisit(ReadOnlySpan<byte> line, long number);
}
