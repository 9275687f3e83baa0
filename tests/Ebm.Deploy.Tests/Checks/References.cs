using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>
/// What an object names is there: config maps, secrets and their keys, volumes, claims, services, accounts.
/// </summary>
internal static class References
{
    public static IEnumerable<string> Problems(Manifests manifests) =>
    [
        .. manifests.Workloads.SelectMany(w => OfWorkload(w, manifests).Select(problem => $"{w.Name}: {problem}")),
        .. manifests.All<V1StatefulSet>().Where(s => manifests.Service(s.Spec.ServiceName) is null)
        .Select(s => $"{s.Name()}: there is no service {s.Spec.ServiceName}"),
        .. manifests.All<V1Ingress>().SelectMany(i => OfIngress(i, manifests)),
        .. manifests.All().Where(o => o is not V1Namespace && o.Metadata.NamespaceProperty != "ebm")
        .Select(o => $"{o.Kind} {o.Metadata.Name} is not in the namespace ebm"),
    ];

    private static IEnumerable<string> OfWorkload(Workload workload, Manifests manifests)
    {
        var pod = workload.Pod;
        if (pod.ServiceAccountName is { Length: > 0 } account && account != "default")
        {
            yield return $"there is no service account {account}";
        }

        foreach (var volume in pod.Volumes ?? [])
        {
            if (volume.ConfigMap is { } map && manifests.ConfigMap(map.Name) is null)
            {
                yield return $"there is no config map {map.Name}";
            }

            if (volume.Secret is { Optional: not true } secret && manifests.Secret(secret.SecretName) is null)
            {
                yield return $"there is no secret {secret.SecretName}";
            }

            if (volume.PersistentVolumeClaim is { } claim
                && !manifests.All<V1PersistentVolumeClaim>().Any(c => c.Name() == claim.ClaimName))
            {
                yield return $"there is no claim {claim.ClaimName}";
            }
        }

        foreach (var container in workload.Containers)
        {
            foreach (var mount in (container.VolumeMounts ?? [])
                .Where(m => (pod.Volumes ?? []).All(v => v.Name != m.Name)
                    && workload.Claims.All(c => c.Name() != m.Name)))
            {
                yield return $"there is no volume {mount.Name}";
            }

            foreach (var source in container.EnvFrom ?? [])
            {
                if (manifests.ConfigMap(source.ConfigMapRef?.Name) is null)
                {
                    yield return $"there is no config map {source.ConfigMapRef?.Name}";
                }
            }

            foreach (var key in (container.Env ?? []).Select(e => e.ValueFrom?.SecretKeyRef)
                .OfType<V1SecretKeySelector>())
            {
                var secret = manifests.Secret(key.Name)?.StringData;
                if (secret?.ContainsKey(key.Key) != true && !(key.Optional == true && secret is null))
                {
                    yield return $"there is no {key.Key} in a secret {key.Name}";
                }
                else if (key.Key == "path" && secret is not null
                    && !IsMounted(secret[key.Key], key.Name, container, pod))
                {
                    yield return $"what {key.Name} says of its own path, {secret[key.Key]}, is not where it is";
                }
            }
        }
    }

    private static bool IsMounted(string path, string secret, V1Container container, V1PodSpec pod) => pod.Volumes.Any(
        volume => volume.Secret?.SecretName == secret
            && container.VolumeMounts.Any(mount => mount.Name == volume.Name
                && mount.MountPath == Path.GetDirectoryName(path)));

    // The certificate of a public name is not ours to make.
    private static IEnumerable<string> OfIngress(V1Ingress ingress, Manifests manifests) =>
        (ingress.Metadata.Annotations?.TryGetValue("nginx.ingress.kubernetes.io/auth-secret", out var users) == true
            && manifests.Secret(users) is not null
            ? Array.Empty<string>()
            : [$"Ingress {ingress.Name()}: anybody may see the pages"]).Concat(
        from rule in ingress.Spec.Rules
        from path in rule.Http.Paths
        let backend = path.Backend.Service
        where manifests.Service(backend.Name)?.Spec.Ports.Any(p => p.Name == backend.Port.Name) != true
        select $"Ingress {ingress.Name()}: there is no port {backend.Port.Name} of a service {backend.Name}");
}
