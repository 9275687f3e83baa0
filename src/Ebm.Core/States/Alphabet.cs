using System.Text;

namespace Ebm.Core.States;

/// <summary>
/// How lines of text are rows of categories: character i of the alphabet is category i, and the last category is
/// padding, which fills a row behind the line's end. Immutable.
/// </summary>
public sealed class Alphabet
{
    /// <summary>Most characters: a category takes a byte, and padding is one of them.</summary>
    public const int MostCharacters = 255;

    private const char PaddingInside = '\u00b7';
    private static readonly Rune[] FreeMarks = [new('?'), new('_'), new('*')];

    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, byte> _categories = [];

    /// <summary>The alphabet of rows of <paramref name="length"/> characters.</summary>
    /// <param name="characters">Its characters in order, none twice.</param>
    /// <param name="length">Characters in a row, with the padding.</param>
    public Alphabet(IEnumerable<Rune> characters, int length)
    {
        (_characters, Length) = ([.. characters], length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_characters.Length, MostCharacters);
        for (var i = 0; i < _characters.Length; i++)
        {
            _categories.Add(_characters[i], (byte)i);
        }

        FreeMark = FreeMarks.Cast<Rune?>().FirstOrDefault(mark => !_categories.ContainsKey(mark!.Value));
    }

    /// <summary>Characters in a row, with the padding.</summary>
    public int Length { get; }

    /// <summary>The category that fills a row behind the line's end: the last one.</summary>
    public byte Padding => (byte)_characters.Length;

    /// <summary>Number of categories, padding among them.</summary>
    public int Categories => _characters.Length + 1;

    /// <summary>
    /// What stands for a character that is not known: the first of <c>?</c>, <c>_</c>, <c>*</c> that is no character
    /// itself.
    /// </summary>
    public Rune? FreeMark { get; }

    /// <summary>The characters in order.</summary>
    public string Characters => string.Concat(_characters);

    /// <summary>The category of a character; false where it is not in the alphabet.</summary>
    public bool TryCategory(Rune character, out byte category) => _categories.TryGetValue(character, out category);

    /// <summary>
    /// A row as text: without the padding at its end; padding before a character is shown as a dot in the middle.
    /// </summary>
    public string Line(ReadOnlySpan<float> row)
    {
        var line = new StringBuilder();
        foreach (var category in row[..(row.LastIndexOfAnyExcept((float)Padding) + 1)])
        {
            _ = category == Padding ? line.Append(PaddingInside) : line.Append(_characters[(int)category]);
        }

        return line.ToString();
    }

    /// <summary>Rows as text, a line each, in UTF-8.</summary>
    /// <param name="states">Category numbers, row after row.</param>
    public byte[] Lines(ReadOnlySpan<float> states)
    {
        var lines = new StringBuilder();
        for (var first = 0; first < states.Length; first += Length)
        {
            lines.Append(Line(states.Slice(first, Length))).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }
}
