using System.Text.RegularExpressions;
using Ebm.Core;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Names of files that a run leaves: they may become files of a folder, and have no part of a path in them.
/// </summary>
internal static partial class ArtefactName
{
    /// <summary>The name itself, if it can be one.</summary>
    /// <exception cref="InputException">It cannot.</exception>
    public static string Checked(string name) => Form().IsMatch(name)
        ? name
        : throw new InputException($"'{name}' cannot be the name of a run's file; "
            + "expected at most 100 letters, digits, '-', '_' and '.', beginning with a letter or digit.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z")]
    private static partial Regex Form();
}
