using System.Text;

namespace Ebm.Grains.Reporting;

/// <summary>The first samples of a round.</summary>
internal static class SampleExcerpt
{
    private const int MostLines = 20, MostCharacters = 400;

    /// <summary>The first lines of samples that are text, in one line, as many as fit.</summary>
    public static string Of(ReadOnlySpan<byte> lines)
    {
        var text = string.Join(
            " | ", Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(MostLines));
        return text.Length > MostCharacters ? text[..MostCharacters] + "..." : text;
    }

    /// <summary>The first bytes of parts that follow one another, at most <paramref name="length"/>.</summary>
    public static byte[] Of(IReadOnlyList<ReadOnlyMemory<byte>> parts, int length)
    {
        var first = new byte[(int)Math.Min(length, parts.Sum(part => (long)part.Length))];
        var free = first.AsSpan();
        foreach (var part in parts)
        {
            var taken = part.Span[..Math.Min(part.Length, free.Length)];
            taken.CopyTo(free);
            free = free[taken.Length..];
        }

        return first;
    }
}
