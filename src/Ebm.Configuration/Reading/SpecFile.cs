using System.Text;
using Ebm.Configuration.Rules;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>A valid spec and its source.</summary>
/// <param name="Spec">The spec with all defaults filled in and absolute file names.</param>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Text">The file's text, without the overrides.</param>
public sealed record LoadedSpec(RunSpec Spec, string Path, string Text);

/// <summary>Reads a spec from YAML (or JSON, which is YAML).</summary>
public static class SpecFile
{
    /// <summary>Longest file accepted, in bytes; the examples are about a thousand times shorter.</summary>
    public const int LongestFile = 1 << 20;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file; names of data files in it are relative to its folder.</param>
    /// <param name="overrides">Values of <c>--set</c>, such as <c>learning.rounds=500</c>; applied in order, before all
    /// checks.</param>
    /// <exception cref="SpecException">The file cannot be read, or the spec is not valid; it lists all
    /// problems.</exception>
    public static LoadedSpec Load(string path, IReadOnlyList<string> overrides)
    {
        var text = Read(path);
        return new LoadedSpec(Parse(text, path, overrides), path, text);
    }

    /// <summary>Reads a text as if it were the file <paramref name="path"/>, which need not exist.</summary>
    /// <exception cref="SpecException">The spec is not valid; it lists all problems, in the order of the
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
                .Select(issue => binder.FindLocation(issue.Path).CreateProblem(issue.Path, issue.Message))
                .ToArray());
        }

        return problems.Count == 0 && spec is not null ? spec : throw new SpecException(problems);
    }

    // A rule on a mapping that has a problem may only echo it: a misspelt "rounds" must not also report "no rounds".
    private static bool Explains(string problem, SpecIssue issue) => issue.Fields.Prepend(issue.Path).Any(field =>
        SpecBinder.ParentOf(problem) == SpecBinder.ParentOf(field));

    private static SpecException NoMapping(string text, string path) => new([new SpecProblem(path, 1, 1, "",
        $"expected the keys {string.Join(", ", Required())}; "
        + (string.IsNullOrWhiteSpace(text) ? "the file is empty" : "the file is not a mapping of keys to values"))]);

    private static IEnumerable<string> Required() =>
        SpecShape.Fields(typeof(RunSpec)).Where(f => f.IsRequired).Select(f => f.Name);

    private static SpecException TooLong(string path) =>
        new([new SpecProblem(path, 1, 1, "", $"the file is longer than {LongestFile >> 20} MiB; expected a spec")]);

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
                DecoderFallbackException => "the file is not UTF-8 text; expected a spec",
                _ => $"cannot read the file: {e.Message}",
            })]);
        }
    }

    private static string Decode(ReadOnlySpan<byte> bytes) =>
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
}
