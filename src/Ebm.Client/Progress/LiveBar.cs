using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ebm.Client.Progress;

/// <summary>A progress bar of one line.</summary>
internal static class LiveBar
{
    private const int LongestBar = 60;

    /// <summary>A bar with a text behind it, together at most <paramref name="width"/> wide.</summary>
    public static IRenderable Of(double share, string text, int width, bool unicode)
    {
        var (full, empty) = unicode ? ('━', '─') : ('#', '-');
        var length = Math.Clamp(width - text.Length, 0, LongestBar);
        var done = (int)(share * length);
        return new Paragraph { Overflow = Overflow.Crop }
            .Append(new string(full, done), new Style(Color.Green))
            .Append(new string(empty, length - done), new Style(Color.Grey))
            .Append(text.Length > width ? text[..width] : text);
    }
}
