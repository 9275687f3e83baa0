using System.Text.RegularExpressions;

namespace Ebm.Conventions.Tests;

/// <summary>.editorconfig says how wide a line of C# may be; no build checks it.</summary>
public sealed partial class LineWidthTests
{
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    [InlineData("bench")]
    [InlineData("examples")]
    public void Lines_OfCSharp_AreNoWiderThanStated(string folder)
    {
        var limit = int.Parse(
            StatedWidth().Match(File.ReadAllText(Repository.PathOf(".editorconfig"))).Groups[1].Value, null);
        var wide =
            from file in Repository.Sources(folder)
            from line in File.ReadLines(file).Select((text, i) => (text, number: i + 1))
            where line.text.EnumerateRunes().Count() > limit
            select $"{Repository.NameOf(file)}:{line.number}";

        Assert.Empty(wide);
    }

    [GeneratedRegex(@"^max_line_length = (\d+)", RegexOptions.Multiline)]
    private static partial Regex StatedWidth();
}
