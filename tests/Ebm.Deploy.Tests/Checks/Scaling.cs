using System.Text.RegularExpressions;
using Ebm.Grains.Telemetry;
using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>
/// Autoscaling asks for what the catalogue or a recording rule has, never for the use of CPU or memory, scales down
/// slowly, and leaves the control silos alone.
/// </summary>
internal static partial class Scaling
{
    private const int SlowSeconds = 300;

    private static readonly Lazy<HashSet<string>> Known = new(() =>
    [
        .. Catalogue.Metrics.Select(m => m.ScrapeName),
        .. Recorded().Matches(File.ReadAllText(Repository.PathOf("deploy/observability/rules/recording.yaml")))
        .Select(m => m.Groups[1].Value),
    ]);

    public static IEnumerable<string> Problems(Manifests manifests) =>
    [
        .. manifests.All<ScaledObject>().SelectMany(OfKeda),
        .. manifests.All<V2HorizontalPodAutoscaler>().SelectMany(OfAutoscaler),
        .. manifests.All<V1Deployment>()
            .Where(d => d.Spec.Replicas is null != Targets(manifests).Contains(d.Name()))
            .Select(d =>
                $"{d.Name()}: its replicas are "
                + $"{(d.Spec.Replicas is null ? "nobody's" : "the autoscaler's and the manifest's")}"),
    ];

    private static IEnumerable<string> Targets(Manifests manifests) =>
        manifests.All<ScaledObject>().Select(s => s.Spec.ScaleTargetRef.Name)
            .Concat(manifests.All<V2HorizontalPodAutoscaler>().Select(a => a.Spec.ScaleTargetRef.Name));

    private static IEnumerable<string> OfKeda(ScaledObject scaled)
    {
        foreach (var problem in OfBounds(
            scaled.Spec.ScaleTargetRef.Name, scaled.Spec.MinReplicaCount,
            scaled.Spec.Advanced?.HorizontalPodAutoscalerConfig?.Behavior))
        {
            yield return problem;
        }

        foreach (var trigger in scaled.Spec.Triggers)
        {
            if (trigger.Type != "prometheus")
            {
                yield return $"scales on {trigger.Type}";
                continue;
            }

            foreach (var problem in OfQuery(trigger.Metadata["query"]))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> OfAutoscaler(V2HorizontalPodAutoscaler scaler)
    {
        foreach (var problem in OfBounds(
            scaler.Spec.ScaleTargetRef.Name, scaler.Spec.MinReplicas ?? 1, scaler.Spec.Behavior))
        {
            yield return problem;
        }

        var rules = File.ReadAllText(Repository.PathOf("deploy/k8s/components/autoscale/hpa/adapter-rules.yaml"));
        foreach (var metric in scaler.Spec.Metrics)
        {
            if (metric.External is not { } external)
            {
                yield return $"scales on {metric.Type}";
                continue;
            }

            if (!rules.Contains($"as: {external.Metric.Name}\n", StringComparison.Ordinal))
            {
                yield return $"no rule of the adapter makes {external.Metric.Name}";
            }

            foreach (var problem in AdapterQuery().Matches(rules).SelectMany(m => OfQuery(m.Groups[1].Value)))
            {
                yield return problem;
            }
        }
    }

    private static IEnumerable<string> OfBounds(string target, int fewest, V2HorizontalPodAutoscalerBehavior? behaviour)
    {
        if (target == "control")
        {
            yield return "the control silos are scaled";
        }

        if (fewest < 1)
        {
            yield return $"{target}: with no silo no run goes on, and nothing would say that one is wanted";
        }

        if (behaviour?.ScaleDown is not { StabilizationWindowSeconds: >= SlowSeconds,
            Policies: [{ Type: "Pods", Value: 1, PeriodSeconds: >= 60 }] })
        {
            yield return $"{target}: scales down faster than a silo a minute after {SlowSeconds} s";
        }
    }

    private static IEnumerable<string> OfQuery(string query) =>
        from name in MetricName().Matches(query).Select(m => m.Value)
        where !Known.Value.Contains(name)
        select $"there is no metric {name}";

    [GeneratedRegex(@"- record: (\S+)")]
    private static partial Regex Recorded();

    [GeneratedRegex(@"(?:seriesQuery|metricsQuery): (.+)")]
    private static partial Regex AdapterQuery();

    [GeneratedRegex(@"\b[a-z]\w*[_:][\w:]*\b")]
    private static partial Regex MetricName();
}
