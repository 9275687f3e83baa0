namespace Ebm.Conventions.Tests;

/// <summary>
/// The messages of all errors, in a file beside this one, so that a review sees each change. To write it anew:
/// <c>EBM_ACCEPT=1 ./test.sh --filter ErrorMessageTests</c>.
/// </summary>
public sealed class ErrorMessageTests
{
    private static readonly string Golden = Repository.PathOf("tests/Ebm.Conventions.Tests/error-messages.txt");

    [Fact]
    public void Messages_OfTheSources_AreThoseOfTheGoldenFile()
    {
        var found = Render(ErrorMessages.Find("src"));
        if (Environment.GetEnvironmentVariable("EBM_ACCEPT") == "1")
        {
            File.WriteAllText(Golden, found);
        }

        Assert.Equal(File.ReadAllText(Golden).Split('\n'), found.Split('\n'));
    }

    [Fact]
    public void Messages_ForUsers_AreSentences() => Assert.All(
        ErrorMessages.Find("src").Where(m => m.Kind is "InputException" or "EbmException"),
        m => Assert.False(
            m.Template.Contains("  ", StringComparison.Ordinal) || m.Template.Contains("..", StringComparison.Ordinal)
                && !m.Template.Contains("...", StringComparison.Ordinal),
            $"{m.File}: {m.Template}"));

    private static string Render(IEnumerable<ErrorMessage> messages) => string.Join('\n',
        from kind in messages.GroupBy(m => m.Kind).OrderBy(g => g.Key, StringComparer.Ordinal)
        select $"## {kind.Key}\n\n" + string.Concat(
            from message in kind.Distinct().OrderBy(m => m.File, StringComparer.Ordinal)
                .ThenBy(m => m.Template, StringComparer.Ordinal)
            select $"{message.File}: {message.Template.ReplaceLineEndings(" / ")}\n"));
}
