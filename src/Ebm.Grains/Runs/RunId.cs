using System.Text.RegularExpressions;
using Ebm.Core;

namespace Ebm.Grains.Runs;

/// <summary>Ids of runs are names of folders and parts of keys.</summary>
internal static partial class RunId
{
    /// <summary>Refuses what cannot be one.</summary>
    /// <exception cref="InputException">It has other characters, or is too long.</exception>
    public static void Check(string id)
    {
        if (!Form().IsMatch(id))
        {
            throw new InputException(
                $"'{id}' is not a run's id; expected 1 to 127 letters, digits, '-', '_' and '.', beginning with a letter or digit.");
        }
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,126}\\z")]
    private static partial Regex Form();
}
