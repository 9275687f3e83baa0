using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>
/// The restricted profile of the pod security standards (kubernetes.io/docs/concepts/security/pod-security-standards),
/// a root file system that cannot be written, no token, and memory limits without CPU limits.
/// </summary>
internal static class PodSecurity
{
    private static readonly string[] VolumeKinds = ["configMap", "secret", "emptyDir", "persistentVolumeClaim"];

    public static IEnumerable<string> Problems(Manifests manifests) =>
    [
        .. manifests.Workloads.SelectMany(OfPod),
        .. manifests.All<V1Namespace>()
            .Where(n => n.Metadata.Labels?.TryGetValue("pod-security.kubernetes.io/enforce", out var level) != true
                || level != "restricted")
            .Select(n => $"namespace {n.Name()}: pod security is not enforced"),
    ];

    private static IEnumerable<string> OfPod(Workload workload)
    {
        var pod = workload.Pod;
        return Rules(
            workload.Name,
            (pod.AutomountServiceAccountToken == false, "gets a token of a service account"),
            (pod.SecurityContext?.RunAsNonRoot == true && pod.SecurityContext.RunAsUser is > 0, "may run as root"),
            (pod.SecurityContext?.SeccompProfile?.Type == "RuntimeDefault", "has no seccomp profile"),
            (pod.HostNetwork is not true && pod.HostPID is not true && pod.HostIPC is not true,
                "shares the host's namespaces"),
            ((pod.Volumes ?? []).All(v => VolumeKinds.Contains(KindOf(v))), "has a volume of another kind"))
            .Concat(workload.Containers.SelectMany(c => OfContainer($"{workload.Name}/{c.Name}", c)));
    }

    private static IEnumerable<string> OfContainer(string name, V1Container container)
    {
        var context = container.SecurityContext;
        return Rules(
            name,
            (context?.AllowPrivilegeEscalation == false, "may gain privileges"),
            (context?.Privileged is not true, "is privileged"),
            (context?.ReadOnlyRootFilesystem == true, "can write its root file system"),
            (context?.Capabilities is { Drop: ["ALL"], Add: null or { Count: 0 } }, "has capabilities"),
            (context?.RunAsUser is null or > 0 && context?.RunAsNonRoot is not false, "runs as root"),
            ((container.Ports ?? []).All(p => p.HostPort is null or 0), "takes a port of the host"),
            (container.Resources?.Requests?.ContainsKey("cpu") == true, "asks for no CPU time"),
            (container.Resources?.Limits?.ContainsKey("cpu") != true, "has a CPU limit, which would stop heartbeats"),
            (container.Resources?.Limits?.ContainsKey("memory") == true, "has no memory limit"));
    }

    private static IEnumerable<string> Rules(string who, params (bool Holds, string Problem)[] rules) =>
        rules.Where(r => !r.Holds).Select(r => $"{who} {r.Problem}");

    private static string KindOf(V1Volume volume) =>
        volume.ConfigMap is not null ? "configMap"
        : volume.Secret is not null ? "secret"
        : volume.EmptyDir is not null ? "emptyDir"
        : volume.PersistentVolumeClaim is not null ? "persistentVolumeClaim"
        : "other";
}
