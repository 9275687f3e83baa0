using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ebm.Conventions.Tests;

/// <summary>An error message as the sources write it; <c>{}</c> stands for a value.</summary>
/// <param name="Kind">The exception that carries it.</param>
/// <param name="File">Where it is made, from the root.</param>
/// <param name="Template">Its text.</param>
internal sealed record ErrorMessage(string Kind, string File, string Template);

/// <summary>
/// Finds the messages of all exceptions in the sources: where one is made, and where a method that makes one is called.
/// </summary>
internal static class ErrorMessages
{
    private const string Suffix = "Exception";

    public static IReadOnlyList<ErrorMessage> Find(string folder)
    {
        var files = Repository.Sources(folder)
            .Select(file => (
                Name: Repository.NameOf(file), Root: CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()))
            .ToArray();
        var makers = files
            .SelectMany(f => f.Root.DescendantNodes().OfType<MethodDeclarationSyntax>())
            .Where(m => IsException(m.ReturnType.ToString())
                && m.ParameterList.Parameters.Any(p => p.Type?.ToString() == "string"))
            .GroupBy(m => m.Identifier.Text)
            .ToDictionary(g => g.Key, g => g.First().ReturnType.ToString());
        return
        [
            .. from file in files
               from node in file.Root.DescendantNodes()
               let kind = KindOf(node, makers)
               where kind is not null
               let texts = ArgumentsOf(node).Select(a => TextOf(a.Expression))
               let text = string.Concat(texts.Where(t => t.Contains(' ', StringComparison.Ordinal)))
               where text.Length > 0
               select new ErrorMessage(kind, file.Name, text),
        ];
    }

    private static string? KindOf(SyntaxNode node, Dictionary<string, string> makers) => node switch
    {
        ObjectCreationExpressionSyntax made when IsException(made.Type.ToString()) => made.Type.ToString(),
        ObjectCreationExpressionSyntax { Type: var type } when type.ToString() == "SpecIssue" => "SpecIssue",
        ImplicitObjectCreationExpressionSyntax made => Returned(made),
        InvocationExpressionSyntax call when makers.TryGetValue(NameOf(call), out var kind) => kind,
        _ => null,
    };

    /// <summary>What `new(...)` makes where it is the result of a method or yielded by it.</summary>
    private static string? Returned(SyntaxNode node)
    {
        var type = node.Ancestors().OfType<MethodDeclarationSyntax>().FirstOrDefault()?.ReturnType.ToString();
        return type is null ? null
            : IsException(type) ? type
            : type.Contains("SpecIssue", StringComparison.Ordinal) ? "SpecIssue" : null;
    }

    private static bool IsException(string type) => type.EndsWith(Suffix, StringComparison.Ordinal);

    private static string NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    private static SeparatedSyntaxList<ArgumentSyntax> ArgumentsOf(SyntaxNode node) => node switch
    {
        BaseObjectCreationExpressionSyntax made => made.ArgumentList?.Arguments ?? default,
        InvocationExpressionSyntax call => call.ArgumentList.Arguments,
        _ => default,
    };

    private static string TextOf(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal when literal.Token.Value is string text => text,
        InterpolatedStringExpressionSyntax interpolated => string.Concat(interpolated.Contents.Select(c =>
            c is InterpolatedStringTextSyntax text ? text.TextToken.ValueText : "{}")),
        BinaryExpressionSyntax sum when sum.IsKind(SyntaxKind.AddExpression) => TextOf(sum.Left) + TextOf(sum.Right),
        ConditionalExpressionSyntax choice => $"[{TextOf(choice.WhenTrue)}|{TextOf(choice.WhenFalse)}]",
        ParenthesizedExpressionSyntax inner => TextOf(inner.Expression),
        SwitchExpressionSyntax choice => $"[{string.Join('|', choice.Arms.Select(a => TextOf(a.Expression)))}]",
        _ => "{}",
    };
}
