using System.Text;

namespace Ebm.Core.States;

/// <summary>
/// Encoding of lines of text as rows of categories: character i of the alphabet is category i; the last category is
/// padding, which fills a row after the end of its line. Immutable.
/// </summary>
internal sealed class Alphabet
{
    /// <summary>Largest number of characters: a category is a byte, and padding is a category.</summary>
    public const int MostCharacters = 255;

    private const char PaddingInside = '\u00b7';
    private static readonly Rune[] FreeMarks = [new('?'), new('_'), new('*')];

    private readonly Rune[] _characters;
    private readonly Dictionary<Rune, byte> _categories = [];

    /// <summary>Creates the alphabet of rows of <paramref name="length"/> characters.</summary>
    /// <param name="characters">Distinct characters in order.</param>
    /// <param name="length">Characters in a row, including padding.</param>
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

    /// <summary>Characters in a row, including padding.</summary>
    public int Length { get; }

    /// <summary>The padding category: the last one.</summary>
    public byte Padding => (byte)_characters.Length;

    /// <summary>Number of categories, including padding.</summary>
    public int Categories => _characters.Length + 1;

    /// <summary>
    /// The placeholder for an unknown character: the first of <c>?</c>, <c>_</c>, <c>*</c> that is not in the alphabet;
    /// null if all are.
    /// </summary>
    public Rune? FreeMark { get; }

    /// <summary>The characters in order.</summary>
    public string Characters => string.Concat(_characters);

    /// <summary>Finds the category of a character; false if it is not in the alphabet.</summary>
    public bool TryCategory(Rune character, out byte category) => _categories.TryGetValue(character, out category);

    /// <summary>A row as text, without trailing padding; padding before a character is shown as a middle dot.</summary>
    public string Line(ReadOnlySpan<float> row)
    {
        var line = new StringBuilder();
        foreach (var category in row[..(row.LastIndexOfAnyExcept((float)Padding) + 1)])
        {
            _ = category == Padding ? line.Append(PaddingInside) : line.Append(_characters[(int)category]);
        }

        return line.ToString();
    }

    /// <summary>Rows as UTF-8 text, a line per row.</summary>
    /// <param name="states">Categories, [rows, length], row-major.</param>
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
