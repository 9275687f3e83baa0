using System.Text.RegularExpressions;
using Ebm.Core;

namespace Ebm.Contracts.Runs;

/// <summary>Ids of runs: they are names of folders and parts of keys.</summary>
internal static partial class RunId
{
    /// <summary>Whether a text can be an id.</summary>
    public static bool IsOne(string id) => Form().IsMatch(id);

    /// <summary>The id itself, if it can be one.</summary>
    /// <exception cref="InputException">It has other characters, or is too long.</exception>
    public static string Checked(string id) => IsOne(id)
        ? id
        : throw new InputException($"'{id}' cannot be a run's id; expected at most 80 letters, "
            + "digits, '-', '_' and '.', beginning with a letter or digit.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,79}\\z")]
    private static partial Regex Form();
}
