using System.Globalization;
using System.Net;
using Ebm.Contracts.Cluster;
using Ebm.Silo;
using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>Every port of a container, service and probe is the one that the program has by its settings.</summary>
internal static class Ports
{
    private static readonly Dictionary<string, string> Probes = new()
    {
        ["startup"] = "/health/startup", ["readiness"] = "/health/ready", ["liveness"] = "/health/live",
    };

    public static IEnumerable<string> Problems(Manifests manifests) =>
    [
        .. manifests.Silos.SelectMany(s => OfSilo(s, s.Settings(manifests))),
        .. manifests.Workloads.SelectMany(OfProbes),
        .. manifests.All<V1Service>().SelectMany(s => OfService(s, manifests)),
        .. manifests.Workloads.Where(w => w.Program is not null).SelectMany(w => OfRedis(w, manifests)),
    ];

    private static IEnumerable<string> OfSilo(Workload silo, SiloSettings settings)
    {
        var expected = new Dictionary<string, int> { ["silo"] = settings.SiloPort,
            ["operations"] = settings.OperationsPort };
        if (settings.Roles.Contains("control", StringComparison.Ordinal))
        {
            expected["gateway"] = settings.GatewayPort;
        }

        // On the loopback interface they are nobody's port but a port-forward's.
        if (settings.PagesPort > 0 && !IPAddress.IsLoopback(IPAddress.Parse(settings.PagesAddress)))
        {
            expected["pages"] = settings.PagesPort;
        }

        var found = silo.Ports.ToDictionary(p => p.Name, p => p.ContainerPort);
        foreach (var name in expected.Keys.Union(found.Keys)
            .Where(n => expected.GetValueOrDefault(n) != found.GetValueOrDefault(n)))
        {
            yield return $"{silo.Name}: port {name} is {found.GetValueOrDefault(name)}, and "
                + $"{expected.GetValueOrDefault(name)} by its settings (0: none)";
        }

        if (silo.Template.Metadata.Annotations?.TryGetValue("prometheus.io/port", out var scraped) == true
            && scraped != Text(settings.OperationsPort))
        {
            yield return $"{silo.Name}: is scraped at port {scraped}";
        }

        var container = silo.Pod.Containers[0];
        var probes = new[] { ("startup", container.StartupProbe), ("readiness", container.ReadinessProbe),
            ("liveness", container.LivenessProbe) };
        foreach (var (name, probe) in probes)
        {
            if (probe?.HttpGet?.Path != Probes[name] || probe.HttpGet.Port?.Value != "operations")
            {
                yield return $"{silo.Name}: the {name} probe asks {probe?.HttpGet?.Path} at "
                    + $"{probe?.HttpGet?.Port?.Value}; expected {Probes[name]} at operations";
            }
        }
    }

    private static IEnumerable<string> OfProbes(Workload workload) =>
        from container in workload.Containers
        from probe in new[] { container.StartupProbe, container.ReadinessProbe, container.LivenessProbe }
        let port = probe?.HttpGet?.Port ?? probe?.TcpSocket?.Port
        where port is not null && !(container.Ports ?? []).Any(p => Is(p, port))
        select $"{workload.Name}: a probe asks at port {port.Value}, which {container.Name} does not have";

    private static IEnumerable<string> OfService(V1Service service, Manifests manifests) =>
        from workload in manifests.Workloads.Where(w => w.IsTakenBy(service.Spec.Selector))
        from port in service.Spec.Ports
        let target = workload.Ports.FirstOrDefault(p => Is(p, port.TargetPort ?? Text(port.Port)))
        where target?.ContainerPort != port.Port
        select $"Service {service.Name()}: port {port.Port} leads to {target?.ContainerPort ?? 0} (0: nothing)";

    private static IEnumerable<string> OfRedis(Workload workload, Manifests manifests)
    {
        foreach (var (name, url) in workload.Environment(manifests).Where(v => v.Name is "EBM_REDIS" or "EBM_CLUSTER"))
        {
            var address = ClusterAddress.Parse(url);
            if (manifests.Service(address.Host)?.Spec.Ports.Any(p => p.Port == address.Port) != true)
            {
                yield return $"{workload.Name}: {name} leads to {address.Host}:{address.Port}, which no service is";
            }

            var redis = manifests.Workloads.First(w => w.Name == address.Host);
            if (address.Tls != (redis.Pod.Containers[0].Args ?? []).Contains("--tls-port"))
            {
                yield return $"{workload.Name}: {name} begins with {(address.Tls ? "rediss" : "redis")}://, and Redis "
                    + $"speaks {(address.Tls ? "no TLS" : "TLS only")}";
            }
        }
    }

    private static bool Is(V1ContainerPort port, IntOrString wanted) =>
        wanted.Value == port.Name || wanted.Value == Text(port.ContainerPort);

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
