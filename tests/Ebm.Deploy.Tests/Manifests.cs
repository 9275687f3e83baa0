using k8s;
using k8s.Models;

namespace Ebm.Deploy.Tests;

/// <summary>The objects that an overlay builds, parsed strictly: an unknown kind or field is an error.</summary>
internal sealed class Manifests
{
    private static readonly Dictionary<string, Type> Types = new() { [ScaledObject.Form] = typeof(ScaledObject) };

    private readonly List<object> _objects;

    private Manifests(IEnumerable<object> objects) => _objects = [.. objects];

    /// <summary>The pods' makers.</summary>
    public IEnumerable<Workload> Workloads =>
    [
        .. All<V1Deployment>().Select(
            d => new Workload("Deployment", d.Name(), d.Spec.Selector.MatchLabels, d.Spec.Template, [])),
        .. All<V1StatefulSet>().Select(
            s => new Workload(
                "StatefulSet", s.Name(), s.Spec.Selector.MatchLabels, s.Spec.Template,
                s.Spec.VolumeClaimTemplates ?? [])),
        .. All<V1Job>().Select(j => new Workload("Job", j.Name(), null, j.Spec.Template, [])),
    ];

    /// <summary>Those whose program is the silo.</summary>
    public IEnumerable<Workload> Silos => Workloads.Where(w => w.IsSilo);

    /// <summary>Reads documents of YAML.</summary>
    public static Manifests Parse(params IEnumerable<string> texts) =>
        new(texts.SelectMany(text => KubernetesYaml.LoadAllFromString(text, Types, strict: true)));

    /// <summary>All objects of a kind.</summary>
    public IEnumerable<T> All<T>() => _objects.OfType<T>();

    /// <summary>All objects.</summary>
    public IEnumerable<IKubernetesObject<V1ObjectMeta>> All() => _objects.Cast<IKubernetesObject<V1ObjectMeta>>();

    public V1ConfigMap? ConfigMap(string? name) => All<V1ConfigMap>().SingleOrDefault(c => c.Name() == name);

    public V1Secret? Secret(string? name) => All<V1Secret>().SingleOrDefault(s => s.Name() == name);

    public V1Service? Service(string? name) => All<V1Service>().SingleOrDefault(s => s.Name() == name);
}
