namespace Ebm.Configuration.Reading;

/// <summary>One problem of a spec, with its location.</summary>
/// <param name="File">The spec's file as the user named it, or <c>--set learning.rounds</c> for an override.</param>
/// <param name="Line">Line, from 1; 0 for a problem without a location in a text (an override, a missing file).</param>
/// <param name="Column">Column, from 1; 0 if <paramref name="Line"/> is 0.</param>
/// <param name="Path">Dotted path of the field, such as <c>learning.rounds</c>; empty for the spec as a whole.</param>
/// <param name="Message">The found and the expected value, and the nearest valid name if there is one.</param>
public sealed record SpecProblem(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>One line for the user: <c>file.yaml:12:5: learning.optimizer: unknown key; ...</c>.</summary>
    public override string ToString()
    {
        var location = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        var path = Path.Length == 0 || File.EndsWith(" " + Path, StringComparison.Ordinal) ? "" : Path + ": ";
        return $"{location}: {path}{Message}";
    }
}
