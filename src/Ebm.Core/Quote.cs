using System.Globalization;
using System.Text;

namespace Ebm.Core;

/// <summary>Formats user input and numbers for messages.</summary>
internal static class Quote
{
    private const int Longest = 60;

    /// <summary>
    /// The text in single quotes: truncated to 60 characters, control characters and surrogates escaped.
    /// </summary>
    public static string Text(string text) => $"'{Bare(text)}'";

    /// <summary>Like <see cref="Text"/>, without quotes.</summary>
    public static string Bare(string text)
    {
        var cut = text.Length > Longest ? text[..Longest] + "..." : text;
        return string.Concat(
            cut.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()));
    }

    /// <summary>A list of alternatives: "a", "a or b", "a, b or c".</summary>
    public static string OneOf(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    /// <summary>A number in the notation of the spec: the shortest text that parses to the same value.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>
    /// A character and its code point, for example 'a' (U+0061); control and format characters as the code point alone.
    /// </summary>
    public static string Character(Rune character) =>
        Rune.IsControl(character) || Rune.GetUnicodeCategory(character) == UnicodeCategory.Format
        ? string.Create(CultureInfo.InvariantCulture, $"U+{character.Value:X4}")
        : string.Create(CultureInfo.InvariantCulture, $"'{character}' (U+{character.Value:X4})");
}
