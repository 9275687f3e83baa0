using System.CommandLine;
using Ebm.Client.Output;

namespace Ebm.Client.Commands;

/// <summary>A command with its group and its examples in the help.</summary>
internal sealed class Verb(string name, string description, string group, params string[] examples)
    : Command(name, description)
{
    /// <summary>The subcommands, or this command if it has none.</summary>
    public IEnumerable<Verb> Leaves => Subcommands.Count == 0 ? [this] : Subcommands.OfType<Verb>();

    /// <summary>Its heading on the first help page.</summary>
    public string Group { get; } = group;

    /// <summary>Its full name, as a user types it: <c>cluster start</c>.</summary>
    public string Path => Parents.OfType<Verb>().FirstOrDefault() is { } parent ? $"{parent.Path} {Name}" : Name;

    /// <summary>Command lines that a user can copy.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Sets the action; its exceptions become messages and exit codes.</summary>
    public void Does(Func<ParseResult, Task<ExitCode>> act)
    {
        Add(SharedOptions.Verbose);
        SetAction((parsed, _) => Errors.Guard(
            parsed.GetValue(SharedOptions.Verbose),
            Options.Contains(SharedOptions.Output) ? SharedOptions.FormatOf(parsed) : OutputFormat.Text,
            () => act(parsed)));
    }
}

/// <summary>Names of commands.</summary>
internal static class Verbs
{
    /// <summary>The command that a misspelt name most likely stands for, or null.</summary>
    public static string? Nearest(string word, Command root) => root.Subcommands.Select(c => c.Name)
        .Where(name => Shared(name, word) >= Math.Max(2, word.Length - 2))
        .OrderByDescending(name => Shared(name, word)).FirstOrDefault();

    /// <summary>Number of letters of <paramref name="word"/> that are also in <paramref name="name"/>.</summary>
    private static int Shared(string name, string word)
    {
        var left = name.ToList();
        return word.ToLowerInvariant().Count(left.Remove);
    }
}
