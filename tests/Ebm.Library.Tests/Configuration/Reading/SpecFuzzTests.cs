using CsCheck;
using Ebm.Configuration.Reading;
using Ebm.Configuration.Rules;

namespace Ebm.Library.Tests.Configuration.Reading;

/// <summary>
/// Any text gives a spec or a list of problems with their places, never another exception, never a hang. CsCheck prints
/// the seed of a case that fails.
/// </summary>
public sealed class SpecFuzzTests
{
    // Far above what the slowest of these takes, far below a hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly string[] Pieces =
    [
        "name", "data", "energy", "learning", "kind", "rounds", ": ", ":", "\n", "\n  ", "\n    ", "- ", "[", "]", "{",
        "}", ", ", "#", "&a ", "*a",
        "!!str ", "!x", "|\n", ">-\n", "'", "\"", "\\", "\\u0000", "%YAML 1.2\n", "---\n", "...\n", "\t", "? ", "<<: ",
        "null", "~", "1e-3", ".inf", "-0",
        "\r", "\r\n", "\0", "\u0085", "\u2028", "\ufeff", "\ud83d", "\U0001F600", " ", "@", "`", "rbm", "idx", "\\x",
        "\"\\", "0x10",
    ];

    private static readonly string[] Valid =
        [SpecTexts.Rbm, SpecTexts.Mlp, .. Repository.Examples.Select(File.ReadAllText)];

    private static readonly Gen<string> Random = Gen.OneOf(Pieces).Array[0, 60].Select(string.Concat);

    private static readonly Gen<string> Mutated =
        from text in Gen.OneOf(Valid)
        from edits in Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, 12], Gen.OneOf(["", .. Pieces])).Array[1, 6]
        select edits.Aggregate(text, (t, edit) =>
        {
            var (at, removed, piece) = edit;
            var start = at % (t.Length + 1);
            return t[..start] + piece + t[Math.Min(t.Length, start + removed)..];
        });

    [Fact]
    public void Parse_RandomText_GivesASpecOrPlacedProblems() => Random.Sample(t => Check(t), iter: 10_000, threads: 1);

    [Fact]
    public void Parse_MutatedSpec_GivesASpecOrPlacedProblems() =>
        Mutated.Sample(t => Check(t), iter: 10_000, threads: 1);

    [Fact]
    public void Parse_RandomOverride_GivesASpecOrProblemsOfTheOption() =>
        Gen.Select(Gen.OneOf("learning.rounds", "learning", "energy", "data.range", "x", "", "."), Random)
            .Sample((path, value) =>
                Check(SpecTexts.Rbm, $"{path}={value}"), iter: 5_000, threads: 1);

    public static TheoryData<string, string> Hostile => new()
    {
        { "deep list", "a: " + new string('[', 500_000) },
        { "deep map", string.Concat(Enumerable.Repeat("{a: ", 200_000)) },
        { "deep block", string.Join('\n', Enumerable.Range(0, 1000).Select(i => new string(' ', i) + "a:")) },
        { "deep dashes", string.Concat(Enumerable.Repeat("- ", 400_000)) },
        { "many keys", string.Concat(Enumerable.Range(0, 90_000).Select(i => $"k{i}: 1\n")) },
        { "one key", new string('k', 1_000_000) + ": 1" },
        { "long list", "a: [" + string.Concat(Enumerable.Repeat("1,", 400_000)) + "]" },
        { "long number", SpecTexts.Rbm + "\nseed: " + new string('9', 900_000) },
        { "open quote", "a: \"" + new string('x', 1_000_000) },
        { "colons", string.Concat(Enumerable.Repeat("a: ", 300_000)) },
        { "question marks", string.Concat(Enumerable.Repeat("? ", 400_000)) },
        { "anchors", string.Concat(Enumerable.Repeat("&a ", 300_000)) },
        { "newlines", new string('\n', 1_000_000) },
        { "comments", new string('#', 1_000_000) },
        {
            "laughs", "a0: &a0 [x, x]\n"
                + string.Concat(Enumerable.Range(1, 60)
                .Select(i => $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}, *a{i - 1}]\n")) + "name: *a60\n"
        },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Parse_HostileText_AnswersInTime(string what, string text)
    {
        Assert.True(text.Length <= SpecFile.LongestFile, what);
        var started = TimeProvider.System.GetTimestamp();

        Check(text);

        Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, what);
    }

    private static void Check(string text, params string[] overrides)
    {
        try
        {
            Assert.Empty(SpecRules.Check(SpecFile.Parse(text, "spec.yaml", overrides)));
        }
        catch (SpecException e)
        {
            var lines = text.ReplaceLineEndings("\n").Split('\n').Length;
            Assert.NotEmpty(e.Problems);
            Assert.All(e.Problems, p =>
            {
                Assert.NotEmpty(p.Message);
                Assert.DoesNotContain('\n', p.ToString());
                if (p.File == "spec.yaml")
                {
                    Assert.InRange(p.Line, 1, lines);
                    Assert.InRange(p.Column, 1, text.Length + 1);
                }
                else
                {
                    Assert.StartsWith("--set ", p.File, StringComparison.Ordinal);
                }
            });
            Assert.Equal(e.Problems.Count, e.Message.Count(c => c == '\n') + 1);
        }
    }
}
