using System.Text.RegularExpressions;

namespace Ebm.Conventions.Tests;

/// <summary>Links between the repository's pages lead to files and headings that are there.</summary>
public sealed partial class DocumentLinkTests
{
    private static IEnumerable<string> Pages =>
        Directory.EnumerateFiles(Repository.Root, "*.md", SearchOption.AllDirectories)
            .Where(page => !page.Contains("/artifacts/", StringComparison.Ordinal)
                && !page.Contains("/runs/", StringComparison.Ordinal));

    [Fact]
    public void Links_OfAllPages_LeadSomewhere()
    {
        var dead =
            from page in Pages
            from Match link in Links().Matches(WithoutCode(File.ReadAllText(page)))
            let target = link.Groups[1].Value
            where !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith("mailto:", StringComparison.Ordinal) && !Leads(page, target)
            select $"{Repository.NameOf(page)}: {target}";

        Assert.Empty(dead);
    }

    private static bool Leads(string page, string target)
    {
        var (file, anchor) = target.Split('#', 2) is [var f, var a] ? (f, a) : (target, "");
        var path = file.Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, file));
        return anchor.Length == 0
            ? File.Exists(path) || Directory.Exists(path)
            : File.Exists(path) && Headings().Matches(WithoutCode(File.ReadAllText(path)))
                .Any(h => Anchor(h.Groups[1].Value) == anchor);
    }

    /// <summary>The anchor that GitHub gives a heading.</summary>
    private static string Anchor(string heading) => string.Concat(
        MarkUp().Replace(heading, "$1").Trim().ToLowerInvariant()
            .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')).Replace(' ', '-');

    private static string WithoutCode(string text) => Fences().Replace(text, "");

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex MarkUp();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fences();
}
