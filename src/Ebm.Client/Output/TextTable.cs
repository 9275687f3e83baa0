using Spectre.Console;

namespace Ebm.Client.Output;

/// <summary>Rows of texts: a table on a terminal, columns parted by tabs in a pipe.</summary>
internal static class TextTable
{
    /// <summary>Writes a table with a line of names above it.</summary>
    public static void Write(IReadOnlyList<string> names, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (Console.IsOutputRedirected)
        {
            Console.Out.WriteLine(string.Join('\t', names));
            Plain(rows);
            return;
        }

        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        table.AddColumns([.. names.Select(
            name => new TableColumn(new Text(name, new Style(decoration: Decoration.Bold))))]);
        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Writes pairs of a name and a value.</summary>
    public static void Pairs(IReadOnlyList<(string Name, string Value)> pairs)
    {
        if (Console.IsOutputRedirected)
        {
            Plain(pairs.Select(p => (IReadOnlyList<string>)[p.Name, p.Value]));
            return;
        }

        var width = pairs.Max(p => p.Name.Length) + 2;
        foreach (var (name, value) in pairs)
        {
            AnsiConsole.Write(new Text(name.PadRight(width), new Style(Color.Grey)));
            Console.Out.WriteLine(value);
        }
    }

    private static void Plain(IEnumerable<IReadOnlyList<string>> rows)
    {
        foreach (var row in rows)
        {
            Console.Out.WriteLine(string.Join('\t', row));
        }
    }
}
