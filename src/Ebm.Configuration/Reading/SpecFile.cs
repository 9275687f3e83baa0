using System.Text;
using Ebm.Configuration.Rules;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>A spec that was read and found good.</summary>
/// <param name="Spec">The spec with every default filled in and file names absolute.</param>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Text">The file's text, without the overrides.</param>
public sealed record LoadedSpec(RunSpec Spec, string Path, string Text);

/// <summary>Reads a spec from YAML (or JSON, which is YAML).</summary>
public static class SpecFile
{
    /// <summary>Longest file that is read, in bytes. The examples have about a thousandth of it.</summary>
    public const int LongestFile = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; relative data files in it are sought from its folder.</param>
    /// <param name="overrides">Values of <c>--set</c>: <c>learning.rounds=500</c>, applied in order before anything is
    /// checked.</param>
    /// <exception cref="SpecException">The file cannot be read, or the spec is not valid; all problems are in
    /// it.</exception>
    public static LoadedSpec Load(string path, IReadOnlyList<string> overrides)
    {
        var text = Read(path);
        return new LoadedSpec(Parse(text, path, overrides), path, text);
    }

    /// <summary>Reads a text as if it were the file <paramref name="path"/>, which need not exist.</summary>
    /// <exception cref="SpecException">The spec is not valid; all problems are in it, in the order of the
    /// text.</exception>
    public static RunSpec Parse(string text, string path, IReadOnlyList<string> overrides)
    {
        if (text.Length > LongestFile)
        {
            throw TooLong(path);
        }

        var problems = new List<SpecProblem>();
        if (SpecTree.ReadFile(text, path, problems) is not { } node || node is not SpecMap root)
        {
            throw NoMapping(text, path);
        }

        foreach (var given in overrides)
        {
            root = SpecOverride.Apply(root, given, problems);
        }

        var binder = new SpecBinder(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", problems);
        var spec = (RunSpec?)binder.Bind(typeof(RunSpec), root, "");
        if (spec is not null)
        {
            problems.AddRange(SpecRules.Check(spec)
                .Where(issue => !problems.Exists(p => Explains(p.Path, issue)))
                .Select(issue => binder.PlaceOf(issue.Path).Problem(issue.Path, issue.Message))
                .ToArray());
        }

        return problems.Count == 0 && spec is not null ? spec : throw new SpecException(problems);
    }

    // A rule that looks at a mapping with a problem in it may only echo the problem: rounds misspelt is not "no
    // rounds".
    private static bool Explains(string problem, SpecIssue issue) => issue.Fields.Prepend(issue.Path).Any(field =>
        SpecBinder.ParentOf(problem) == SpecBinder.ParentOf(field));

    private static SpecException NoMapping(string text, string path)
    {
        var required = SpecShape.Fields(typeof(RunSpec)).Where(f => f.IsRequired).Select(f => f.Name);
        var found = string.IsNullOrWhiteSpace(text)
            ? "the file is empty"
            : "found something else than a mapping of keys to values";
        return new([new SpecProblem(path, 1, 1, "", $"expected the keys {string.Join(", ", required)}; {found}")]);
    }

    private static SpecException TooLong(string path) =>
        new([new SpecProblem(path, 1, 1, "", $"longer than {LongestFile >> 20} MiB; this is not a spec")]);

    private static string Read(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LongestFile + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > LongestFile ? throw TooLong(path) : Decode(bytes.AsSpan(0, count));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new SpecException([new SpecProblem(path, 0, 0, "", e switch
            {
                FileNotFoundException or DirectoryNotFoundException => "no such file",
                DecoderFallbackException => "not a text in UTF-8; this is not a spec",
                _ => $"cannot be read: {e.Message}",
            })]);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes) =>
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
}
