namespace Ebm.Core.Tests.Spec;

/// <summary>Files of the source tree that tests hold the code against.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    public static IEnumerable<string> Examples => Directory.EnumerateFiles(Path.Combine(Root, "examples"), "*.yaml", SearchOption.AllDirectories).Order();

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "Ebm.sln")) ? folder : Find(Path.GetDirectoryName(folder)!);
}
