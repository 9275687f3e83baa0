using System.Globalization;
using System.Text;

namespace Ebm.Core;

/// <summary>How a message shows what a user wrote.</summary>
internal static class Quote
{
    private const int Longest = 60;

    /// <summary>
    /// The text in single quotes: cut where long, and without characters that would steer a terminal.
    /// </summary>
    public static string Text(string text) => $"'{Bare(text)}'";

    /// <summary>The same without the quotes.</summary>
    public static string Bare(string text)
    {
        var cut = text.Length > Longest ? text[..Longest] + "..." : text;
        return string.Concat(cut.Select(c => char.IsControl(c)
            || char.IsSurrogate(c) ? $"\\u{(int)c:x4}" : c.ToString()));
    }

    /// <summary>Names to choose from: "a", "a or b", "a, b or c".</summary>
    public static string OneOf(IReadOnlyList<string> names) =>
        names.Count < 2 ? string.Concat(names) : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";

    /// <summary>A number as the spec would write it.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A character in a message: itself, and its number.</summary>
    public static string Character(Rune character) =>
        Rune.IsControl(character) || Rune.GetUnicodeCategory(character) == UnicodeCategory.Format
        ? string.Create(CultureInfo.InvariantCulture, $"U+{character.Value:X4}")
        : string.Create(CultureInfo.InvariantCulture, $"'{character}' (U+{character.Value:X4})");
}
