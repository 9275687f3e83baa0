using System.CommandLine;
using Ebm.Client.Commands;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>Every option that takes a number refuses a word in a sentence, and none throws.</summary>
public sealed class NumberOptionTests
{
    public static TheoryData<string, string> Options =>
        [.. Below(CommandLine.Root(), []).Select(o => (string.Join(' ', o.Path), o.Option.Name))];

    [Theory]
    [MemberData(nameof(Options))]
    public void Parse_OfAWord_NamesTheOption(string verb, string option)
    {
        var parsed = CommandLine.Root().Parse([.. verb.Split(' '), option, "word"]);

        Assert.Contains(parsed.Errors, e => e.Message.Contains(option, StringComparison.Ordinal));
    }

    private static IEnumerable<(string[] Path, Option Option)> Below(Command command, string[] path) =>
    [
        .. command.Options.Where(o => IsNumber(o.ValueType)).Select(o => (path, o)),
        .. command.Subcommands.SelectMany(c => Below(c, [.. path, c.Name])),
    ];

    private static bool IsNumber(Type type) =>
        Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) is >= TypeCode.SByte and <= TypeCode.Decimal;
}
