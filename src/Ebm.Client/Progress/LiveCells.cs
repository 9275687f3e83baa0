using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ebm.Client.Progress;

/// <summary>Names and values in as many columns as there is room for.</summary>
internal static class LiveCells
{
    private const int CellWidth = 26, NameWidth = 12;

    /// <summary>Lines of cells, none wider than <paramref name="width"/>.</summary>
    public static IEnumerable<IRenderable> Of(IReadOnlyList<(string Name, string Value)> cells, int width)
    {
        foreach (var row in cells.Chunk(Math.Max(1, width / CellWidth)))
        {
            var line = new Paragraph { Overflow = Overflow.Crop };
            foreach (var (name, value) in row)
            {
                line.Append(name.PadRight(NameWidth), new Style(Color.Grey));
                line.Append(value.PadRight(CellWidth - NameWidth)[..Math.Max(value.Length, CellWidth - NameWidth)]);
            }

            yield return line;
        }
    }
}
