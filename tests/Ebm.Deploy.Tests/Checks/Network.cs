using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>Nothing is let through but the ports that pods have, and what silos need is.</summary>
internal static class Network
{
    private const int Dns = 53;

    public static IEnumerable<string> Problems(Manifests manifests)
    {
        var policies = manifests.All<V1NetworkPolicy>().ToList();
        if (!policies.Any(IsDefaultDeny))
        {
            yield return "no policy denies what no other allows";
        }

        foreach (var problem in policies.SelectMany(p => OfPolicy(p, manifests)))
        {
            yield return problem;
        }

        // Probes come from the node, which policies do not stop.
        foreach (var workload in manifests.Workloads)
        {
            foreach (var port in workload.Ports.Where(p => !IsProbed(workload, p)
                && !policies.Any(policy => Lets(policy, workload, p.ContainerPort))))
            {
                yield return $"{workload.Name}: nothing may reach its port {port.Name} ({port.ContainerPort})";
            }
        }

        foreach (var from in manifests.Silos)
        {
            foreach (var to in manifests.Silos.Where(
                to => !policies.Any(p => Lets(p, to, to.Ports.First(x => x.Name == "silo").ContainerPort, from))
                || !policies.Any(p => LetsOut(p, from, to))))
            {
                yield return $"silos of {from.Name} cannot reach those of {to.Name}";
            }
        }
    }

    private static bool IsDefaultDeny(V1NetworkPolicy policy) =>
        policy.Spec is { PodSelector: { MatchLabels: null or { Count: 0 }, MatchExpressions: null or { Count: 0 } },
            Ingress: null or { Count: 0 }, Egress: null or { Count: 0 } }
        && policy.Spec.PolicyTypes is { } types && types.Contains("Ingress") && types.Contains("Egress");

    private static IEnumerable<string> OfPolicy(V1NetworkPolicy policy, Manifests manifests)
    {
        var name = $"NetworkPolicy {policy.Name()}";
        var selected = manifests.Workloads.Where(w => w.IsTakenBy(policy.Spec.PodSelector)).ToList();
        if (selected.Count == 0 && !IsForClients(policy.Spec.PodSelector))
        {
            yield return $"{name}: selects no pod";
        }

        foreach (var rule in policy.Spec.Ingress ?? [])
        {
            if (rule.FromProperty is null or { Count: 0 } || rule.Ports is null or { Count: 0 })
            {
                yield return $"{name}: lets everybody in, or to every port";
            }

            foreach (var port in (rule.Ports ?? [])
                .Where(port => selected.Any(w => w.Ports.All(p => p.ContainerPort != Number(port.Port)))))
            {
                yield return $"{name}: lets through to port {port.Port?.Value}, which not all of its pods have";
            }
        }

        foreach (var rule in policy.Spec.Egress ?? [])
        {
            if (rule.To is null or { Count: 0 } || rule.Ports is null or { Count: 0 })
            {
                yield return $"{name}: lets out to everywhere, or to every port";
            }

            var inside = (rule.To ?? []).Where(t => t.NamespaceSelector is null).ToList();
            var peers = manifests.Workloads.Where(w => inside.Any(t => w.IsTakenBy(t.PodSelector))).ToList();
            foreach (var port in rule.Ports ?? [])
            {
                var known = inside.Count > 0
                    ? peers.Count > 0 && peers.All(w => w.Ports.Any(p => p.ContainerPort == Number(port.Port)))
                    : Number(port.Port) == Dns || Number(port.Port) == Collector(manifests);
                if (!known)
                {
                    yield return $"{name}: lets out to port {port.Port?.Value}, at which nothing is";
                }
            }
        }
    }

    // Clients are pods that are no part of an overlay: jobs, and consoles that somebody starts.
    private static bool IsForClients(V1LabelSelector selector) =>
        selector.MatchLabels?.ContainsKey("ebm/client") == true;

    private static int? Collector(Manifests manifests) =>
        manifests.Silos.Select(s => s.Settings(manifests).OtlpEndpoint)
        .Where(e => e.Length > 0).Select(e => (int?)new Uri(e).Port).FirstOrDefault();

    private static bool IsProbed(Workload workload, V1ContainerPort port) => workload.Containers
        .SelectMany(c => new[] { c.LivenessProbe?.HttpGet?.Port, c.LivenessProbe?.TcpSocket?.Port })
        .Any(p => p is not null && p.Value == port.Name);

    private static bool Lets(V1NetworkPolicy policy, Workload to, int port, Workload? from = null) =>
        to.IsTakenBy(policy.Spec.PodSelector) && (policy.Spec.Ingress ?? []).Any(rule =>
            (rule.Ports ?? []).Any(p => Number(p.Port) == port)
            && (from is null || rule.FromProperty.Any(peer => peer.PodSelector is not null
                && from.IsTakenBy(peer.PodSelector))));

    private static bool LetsOut(V1NetworkPolicy policy, Workload from, Workload to) =>
        from.IsTakenBy(policy.Spec.PodSelector) && (policy.Spec.Egress ?? []).Any(rule =>
            rule.To.Any(peer => peer.PodSelector is not null && to.IsTakenBy(peer.PodSelector))
            && rule.Ports.Any(p => Number(p.Port) == to.Ports.First(x => x.Name == "silo").ContainerPort));

    private static int? Number(IntOrString? port) => int.TryParse(port?.Value, out var number) ? number : null;
}
