using Ebm.Core;

namespace Ebm.Grains.Admission;

/// <summary>
/// The folders in which specs may name files. Links are followed before it is decided, those in a named folder too;
/// a user with write access could still place one between check and use.
/// </summary>
internal sealed class FileRoots
{
    /// <summary>What stands for all that the process may read.</summary>
    public const string Anywhere = "any";

    // What cannot be listed cannot be read either.
    private static readonly EnumerationOptions All = new() { IgnoreInaccessible = true, AttributesToSkip = 0 };

    private readonly string[]? _roots;

    private FileRoots(string[]? roots) => _roots = roots;

    /// <summary>All that the process may read.</summary>
    public static FileRoots Any { get; } = new(null);

    /// <summary>
    /// Reads the written form: absolute folders with <c>:</c> between them, or <c>any</c>; null if it is neither.
    /// </summary>
    public static FileRoots? Parse(string text)
    {
        if (text == Anywhere)
        {
            return Any;
        }

        var roots = text.Split(':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return roots.Length > 0 && roots.All(Path.IsPathFullyQualified) ? new FileRoots(roots) : null;
    }

    /// <summary>Refuses a file or folder that lies elsewhere, or leads elsewhere.</summary>
    /// <param name="field">The spec's field that names it.</param>
    /// <param name="path">Its absolute path.</param>
    /// <exception cref="InputException">It does; the message does not reveal the folder's content.</exception>
    public void Check(string field, string path)
    {
        if (_roots is not null && !(Holds(path) && (!Directory.Exists(path) || Entries(path).All(Holds))))
        {
            throw new InputException(
                $"{field}: {path} lies outside of, or leads out of, the folders in which specs may name files here "
                    + $"({string.Join(", ", _roots)}). "
                + "Put it into one of them, or have whoever runs the silos add its folder to their setting DataRoots.");
        }
    }

    // Those that can lead elsewhere: links, in the folder and in its subfolders (of which each may be a class of
    // images).
    private static IEnumerable<string> Entries(string folder) => Links(folder).Concat(
        Directory.EnumerateDirectories(folder, "*", All).SelectMany(Links));

    private static IEnumerable<string> Links(string folder) =>
        new DirectoryInfo(folder).EnumerateFileSystemInfos("*", All).Where(e => e.LinkTarget is not null)
            .Select(e => e.FullName);

    private bool Holds(string path)
    {
        try
        {
            var real = RealPath.Of(path);
            return _roots!.Any(root => RealPath.Of(root) is var top
                && (real == top || real.StartsWith(top.TrimEnd('/') + "/", StringComparison.Ordinal)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
