using k8s.Models;

namespace Ebm.Deploy.Tests.Checks;

/// <summary>A pod has the time that its program takes to stop, and a roll-out leaves enough of them.</summary>
internal static class Stopping
{
    private const int Margin = 10;

    public static IEnumerable<string> Problems(Manifests manifests)
    {
        foreach (var silo in manifests.Silos)
        {
            var needed = silo.Settings(manifests).ShutdownSeconds + Margin;
            if (silo.Pod.TerminationGracePeriodSeconds is not { } grace || grace < needed)
            {
                yield return $"{silo.Name}: is killed after {silo.Pod.TerminationGracePeriodSeconds ?? 30} s; "
                    + $"its stop may take {needed}";
            }

            if (manifests.All<V1PodDisruptionBudget>().Count(b => silo.IsTakenBy(b.Spec.Selector)) != 1)
            {
                yield return $"{silo.Name}: expected one disruption budget";
            }
        }

        foreach (var deployment in manifests.All<V1Deployment>().Where(d => d.Name() == "control"))
        {
            if (deployment.Spec.Strategy?.RollingUpdate?.MaxUnavailable?.Value != "0")
            {
                yield return $"{deployment.Name()}: a roll-out may take the gateways away";
            }

            var budget = manifests.All<V1PodDisruptionBudget>()
                .First(b => b.Name() == deployment.Name()).Spec.MinAvailable?.Value;
            if (int.Parse(budget ?? "0", System.Globalization.CultureInfo.InvariantCulture) >= deployment.Spec.Replicas)
            {
                yield return $"{deployment.Name()}: no node with one of its {deployment.Spec.Replicas} "
                    + "pods could ever be drained";
            }
        }
    }
}
