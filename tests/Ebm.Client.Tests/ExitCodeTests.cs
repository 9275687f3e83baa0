using System.ComponentModel;
using System.Reflection;

namespace Ebm.Client.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public void Documentation_OfExitCodes_ListsExactlyTheCatalogue()
    {
        var expected = Enum.GetValues<ExitCode>().Select(code => $"| {(int)code} | {DescriptionOf(code)} |");
        var written = File.ReadLines(Path.Combine(Repository.Root, "docs", "exit-codes.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsAsciiDigit(line[2]));

        Assert.Equal(expected, written);
    }

    private static string DescriptionOf(ExitCode code) =>
        typeof(ExitCode).GetField(code.ToString())!.GetCustomAttribute<DescriptionAttribute>()!.Description;
}
