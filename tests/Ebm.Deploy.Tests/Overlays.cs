using System.Collections.Concurrent;

namespace Ebm.Deploy.Tests;

/// <summary>What the repository's overlays build, each built once.</summary>
internal static class Overlays
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Built = new();
    private static readonly Lazy<string> Made = new(() => Output.Of(Repository.PathOf("deploy/k8s/secrets.sh")));

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names =>
        Directory.GetDirectories(Repository.PathOf("deploy/k8s/overlays")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal);

    /// <summary>The Secrets that secrets.sh makes.</summary>
    public static string Secrets => Made.Value;

    /// <summary>What an overlay builds.</summary>
    public static string Text(string name) =>
        Built.GetOrAdd(name, n => new Lazy<string>(() => Kustomize.Build(Repository.PathOf($"deploy/k8s/overlays/{n}")))).Value;
}
