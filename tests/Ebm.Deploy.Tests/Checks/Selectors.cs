using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>What selects pods selects some, and a workload only its own.</summary>
internal static class Selectors
{
    public static IEnumerable<string> Problems(Manifests manifests)
    {
        var workloads = manifests.Workloads.ToList();
        foreach (var workload in workloads.Where(w => w.Selector is not null))
        {
            foreach (var other in workloads.Where(w => w.IsTakenBy(workload.Selector) != (w == workload)))
            {
                yield return $"{workload.Kind} {workload.Name}: its selector takes "
                    + $"{(other == workload ? "none of its own pods" : "pods of " + other.Name)}";
            }

            foreach (var spread in workload.Pod.TopologySpreadConstraints ?? [])
            {
                if (!workload.IsTakenBy(spread.LabelSelector)
                    || workloads.Any(w => w != workload && w.IsTakenBy(spread.LabelSelector)))
                {
                    yield return $"{workload.Name}: the spread over {spread.TopologyKey} counts "
                        + "other pods than its own";
                }
            }
        }

        var selecting = manifests.All<V1Service>()
            .Select(s => ("Service " + s.Name(), Match: (Func<Workload, bool>)(w => w.IsTakenBy(s.Spec.Selector))))
            .Concat(manifests.All<V1PodDisruptionBudget>()
                .Select(p => ("PodDisruptionBudget " + p.Name(),
                    (Func<Workload, bool>)(w => w.IsTakenBy(p.Spec.Selector)))));
        foreach (var (name, match) in selecting)
        {
            if (workloads.Count(match) != 1)
            {
                yield return $"{name}: its selector takes pods of {workloads.Count(match)} workloads; expected one";
            }
        }

        var targets = manifests.All<ScaledObject>().Select(s => s.Spec.ScaleTargetRef)
            .Concat(manifests.All<V2HorizontalPodAutoscaler>().Select(a => a.Spec.ScaleTargetRef));
        foreach (var target in targets.Where(
            t => !workloads.Any(w => w.Name == t.Name && w.Kind == t.Kind && t.ApiVersion == "apps/v1")))
        {
            yield return $"autoscaling: there is no {target.Kind} {target.Name} of {target.ApiVersion}";
        }
    }
}
