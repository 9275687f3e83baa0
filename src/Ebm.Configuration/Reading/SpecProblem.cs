namespace Ebm.Configuration.Reading;

/// <summary>One thing that is wrong with a spec, and where.</summary>
/// <param name="File">The spec's file as the user named it, or <c>--set learning.rounds</c> for an override.</param>
/// <param name="Line">Line, from 1; 0 where the problem has no place in a text (an override, a file that is
/// missing).</param>
/// <param name="Column">Column, from 1; 0 where <paramref name="Line"/> is.</param>
/// <param name="Path">Dotted path of the field, such as <c>learning.rounds</c>; empty for the spec as a whole.</param>
/// <param name="Message">What was found, what was expected, and the nearest valid name where there is one.</param>
public sealed record SpecProblem(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>The line that a user reads: <c>file.yaml:12:5: learning.optimizer: unknown key; ...</c>.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        var path = Path.Length == 0 || File.EndsWith(" " + Path, StringComparison.Ordinal) ? "" : Path + ": ";
        return $"{place}: {path}{Message}";
    }
}
