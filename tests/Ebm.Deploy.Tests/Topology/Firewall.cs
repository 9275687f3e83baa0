using System.Globalization;
using System.Text;
using k8s.Models;

namespace Ebm.Deploy.Tests.Topology;

/// <summary>A pod that there is, or will be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Workload">What it is one of.</param>
/// <param name="Address">Its IP address.</param>
internal sealed record Pod(string Name, string Namespace, Workload Workload, string Address);

/// <summary>What a network plugin makes of NetworkPolicies: rules of nftables for one pod.</summary>
internal static class Firewall
{
    /// <summary>
    /// The rules. A direction in which some policy selects the pod is closed but for what its policies let through; one
    /// in which none does is open. Answers come through.
    /// </summary>
    public static string Rules(IEnumerable<V1NetworkPolicy> policies, Pod pod, IReadOnlyList<Pod> all)
    {
        var own = policies.Where(p => p.Metadata.NamespaceProperty == pod.Namespace
            && pod.Workload.IsTakenBy(p.Spec.PodSelector)).ToList();
        var rules = new StringBuilder("flush ruleset\ntable inet policies {\n");
        Chain(
            rules, "input", "iif", own.Any(p => p.Spec.PolicyTypes.Contains("Ingress")),
            own.SelectMany(p => p.Spec.Ingress ?? []).Select(r => Rule("saddr", r.FromProperty, r.Ports, pod, all)));
        Chain(
            rules, "output", "oif", own.Any(p => p.Spec.PolicyTypes.Contains("Egress")),
            own.SelectMany(p => p.Spec.Egress ?? []).Select(r => Rule("daddr", r.To, r.Ports, pod, all)));
        return rules.Append("}\n").ToString();
    }

    private static void Chain(StringBuilder rules, string hook, string device, bool closed, IEnumerable<string> lines)
    {
        rules.Append(
            CultureInfo.InvariantCulture,
            $"  chain {hook} {{\n    type filter hook {hook} priority 0; policy {(closed ? "drop" : "accept")};\n");
        foreach (var line in lines.Where(l => l.Length > 0).Prepend("ct state established,related accept")
            .Prepend($"{device} lo accept"))
        {
            rules.Append("    ").Append(line).Append('\n');
        }

        rules.Append("  }\n");
    }

    private static string Rule(
        string side, IList<V1NetworkPolicyPeer> peers, IList<V1NetworkPolicyPort> ports, Pod pod,
        IReadOnlyList<Pod> all)
    {
        // Pods of a namespace that is selected by its labels: none of them is here.
        var reached = all.Where(p => p.Namespace == pod.Namespace
            && peers.Any(peer => peer is { NamespaceSelector: null, PodSelector: { } selector }
                && p.Workload.IsTakenBy(selector))).ToList();
        return reached.Count == 0 ? "" : $"ip {side} {{ {string.Join(", ", reached.Select(p => p.Address))} }} "
            + $"tcp dport {{ {string.Join(", ", ports.Select(p => p.Port.Value))} }} accept";
    }
}
