using Ebm.Silo;
using k8s.Models;

namespace Ebm.Deploy.Tests;

/// <summary>What makes pods: a Deployment, StatefulSet or Job.</summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Name">Its name.</param>
/// <param name="Selector">Labels of the pods that it takes for its own; null for a Job.</param>
/// <param name="Template">The pods.</param>
/// <param name="Claims">Volumes that each of its pods gets.</param>
internal sealed record Workload(
    string Kind, string Name, IDictionary<string, string>? Selector, V1PodTemplateSpec Template,
    IList<V1PersistentVolumeClaim> Claims)
{
    public V1PodSpec Pod => Template.Spec;

    public IEnumerable<V1Container> Containers => Pod.Containers.Concat(Pod.InitContainers ?? []);

    /// <summary>Whether its program is the silo.</summary>
    public bool IsSilo => Program == "Ebm.Silo.dll";

    /// <summary>The .NET assembly that its container runs, or null.</summary>
    public string? Program => Pod.Containers[0].Command is ["dotnet", var path, ..] ? Path.GetFileName(path) : null;

    /// <summary>The ports that its containers declare.</summary>
    public IEnumerable<V1ContainerPort> Ports => Containers.SelectMany(c => c.Ports ?? []);

    /// <summary>Whether a selector takes its pods.</summary>
    public bool IsTakenBy(V1LabelSelector? selector) => selector?.MatchExpressions is null or { Count: 0 }
        ? IsTakenBy(selector?.MatchLabels)
        : throw new NotSupportedException("selectors with expressions are not read here");

    public bool IsTakenBy(IDictionary<string, string>? labels) =>
        labels is null || labels.All(l => Template.Metadata.Labels.TryGetValue(l.Key, out var value)
            && value == l.Value);

    /// <summary>
    /// The environment of its container: values as given, those that come from elsewhere in their place.
    /// </summary>
    public IEnumerable<(string Name, string Value)> Environment(Manifests manifests)
    {
        foreach (var variable in Containers.SelectMany(c => c.Env ?? []))
        {
            yield return (variable.Name, variable.Value ?? From(variable.ValueFrom, manifests));
        }

        foreach (var (name, value) in Containers.SelectMany(c => c.EnvFrom ?? [])
            .SelectMany(e => manifests.ConfigMap(e.ConfigMapRef?.Name)?.Data ?? new Dictionary<string, string>()))
        {
            yield return (name, value);
        }
    }

    /// <summary>Its settings as the silo itself reads them.</summary>
    /// <exception cref="Core.InputException">There is one that the silo does not know, or one that cannot
    /// be.</exception>
    public SiloSettings Settings(Manifests manifests) => SiloConfiguration.Read(
    [
        .. from variable in Environment(manifests)
           where variable.Name.StartsWith("EBM_", StringComparison.Ordinal)
           select $"--{variable.Name[4..].Replace('_', '-')}={variable.Value}",
    ]);

    private string From(V1EnvVarSource source, Manifests manifests) => source switch
    {
        { FieldRef.FieldPath: "status.podIP" } => "10.0.0.7",
        { FieldRef.FieldPath: "metadata.name" } => Name + "-7d9f5c8b6d-x2x7k",
        { SecretKeyRef: { } secret } =>
            manifests.Secret(secret.Name)?.StringData?.TryGetValue(secret.Key, out var value) == true ? value : "",
        _ => "",
    };
}
