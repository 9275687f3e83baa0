using System.ComponentModel;
using System.Text.RegularExpressions;

namespace Ebm.Deploy.Tests;

/// <summary>The program that builds overlays, where there is one: kubectl, or kustomize itself.</summary>
internal static partial class Kustomize
{
    private const int OldestVersion = 5;
    private const string Missing =
        "the manifests need a kubectl of 1.27 or newer, or kustomize 5 or newer, on the PATH (Debian's "
            + "kubernetes-client is too old)";

    private static readonly Lazy<string[]?> Command = new(Find);

    /// <summary>What the kustomization of a folder builds. The test is skipped where nothing can build it.</summary>
    public static string Build(string folder)
    {
        Assert.SkipWhen(Command.Value is null, Missing);
        return Output.Of(Command.Value![0], [.. Command.Value[1..], folder]);
    }

    /// <summary>An overlay of this repository with components added to it, both by their paths in deploy/k8s.</summary>
    public static string BuildWith(string overlay, params IEnumerable<string> components)
    {
        var folder = Directory.CreateTempSubdirectory("ebm-kustomize-").FullName;
        try
        {
            string From(string path) =>
                "  - " + Path.GetRelativePath(folder, Repository.PathOf($"deploy/k8s/{path}")) + "\n";
            File.WriteAllText(
                Path.Combine(folder, "kustomization.yaml"),
                $"resources:\n{From(overlay)}components:\n{string.Concat(components.Select(From))}");
            return Build(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The version of kustomize in what a program says of its own; 0 where there is none.</summary>
    public static int MajorVersion(string text) =>
        VersionForm().Match(text) is { Success: true } match
            ? int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)
            : 0;

    private static string[]? Find() =>
        Says("kubectl", "version", "--client") ? ["kubectl", "kustomize"]
        : Says("kustomize", "version") ? ["kustomize", "build"]
        : null;

    private static bool Says(string program, params string[] arguments)
    {
        try
        {
            return MajorVersion(Output.Of(program, arguments)) >= OldestVersion;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(?:Kustomize Version: )?v(\d+)\.", RegexOptions.Multiline)]
    private static partial Regex VersionForm();
}
