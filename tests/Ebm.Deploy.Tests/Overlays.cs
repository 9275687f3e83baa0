using System.Collections.Concurrent;

namespace Ebm.Deploy.Tests;

/// <summary>What the repository's overlays build, each built once, and what they are used with.</summary>
internal static class Overlays
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Built = new();
    private static readonly ConcurrentDictionary<string, Lazy<Manifests>> Parsed = new();
    private static readonly Lazy<string> Secrets = new(() => Output.Of(Repository.PathOf("deploy/k8s/secrets.sh")));
    private static readonly Lazy<string> SecretsOfTls =
        new(() => Output.Of(Repository.PathOf("deploy/k8s/secrets.sh"), "--tls"));

    /// <summary>Overlays, and some with components that none of them has.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["local", "production", "production + ingress", "local + autoscale/hpa"];

    /// <summary>What an overlay builds, as text.</summary>
    public static string Text(string name) => Built.GetOrAdd(name, n => new Lazy<string>(() => Build(n))).Value;

    /// <summary>
    /// An overlay with the Secrets that secrets.sh makes for it, the Job that submits a run, and the console.
    /// </summary>
    public static Manifests Of(string name) =>
        Parsed.GetOrAdd(name, n => new Lazy<Manifests>(() => With(n, Text(n)))).Value;

    /// <summary>The same of an overlay's text that was changed.</summary>
    public static Manifests With(string name, string text) => Manifests.Parse(
        text, Text("../submit"), Text("../console"),
        name.StartsWith("production", StringComparison.Ordinal) ? SecretsOfTls.Value : Secrets.Value);

    private static string Build(string name) =>
        name.Split(" + ") is [var overlay, .. var components] && components.Length > 0
        ? Kustomize.BuildWith($"overlays/{overlay}", components.Select(c => $"components/{c}"))
        : Kustomize.Build(Repository.PathOf($"deploy/k8s/overlays/{name}"));
}
