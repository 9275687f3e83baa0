namespace Ebm.Tests;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder of Ebm.sln.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The example specs.</summary>
    public static IEnumerable<string> Examples =>
        Directory.EnumerateFiles(PathOf("examples"), "*.yaml", SearchOption.AllDirectories).Order();

    /// <summary>The path of a file or folder that is named from the root.</summary>
    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>The C# files below a folder, without the output of builds.</summary>
    public static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(PathOf(folder), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    /// <summary>A path as seen from the root.</summary>
    public static string NameOf(string path) => Path.GetRelativePath(Root, path);

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Ebm.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Find(parent)
        : throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has Ebm.sln.");
}
