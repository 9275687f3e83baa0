using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ebm.Conventions.Tests;

/// <summary>A test is named Method_Condition_Expectation: three parts, each of which begins with a capital.</summary>
public sealed partial class TestNameTests
{
    [Fact]
    public void Tests_OfAllProjects_AreNamedMethodConditionExpectation()
    {
        var tests = Repository.Sources("tests").SelectMany(Tests).ToList();

        Assert.True(tests.Count > 900, $"only {tests.Count} tests were found");
        Assert.Empty(tests.Where(t => !Name().IsMatch(t.Name)).Select(t => $"{t.File}: {t.Name}"));
    }

    private static IEnumerable<(string File, string Name)> Tests(string file) =>
        from method in CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes()
            .OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes)
            .Any(attribute => $"{attribute.Name}" is "Fact" or "Theory")
        select (Repository.NameOf(file), method.Identifier.Text);

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]*(_[A-Z][A-Za-z0-9]*){2}\z")]
    private static partial Regex Name();
}
