using System.Text;

namespace Ebm.Grains.Reporting;

/// <summary>The beginning of samples that are lines of text, in one line.</summary>
internal static class SampleExcerpt
{
    private const int MostLines = 20, MostCharacters = 400;

    /// <summary>The first lines, as many as fit.</summary>
    public static string Of(ReadOnlySpan<byte> lines)
    {
        var text = string.Join(
            " | ", Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostLines));
        return text.Length > MostCharacters ? text[..MostCharacters] + "..." : text;
    }
}
