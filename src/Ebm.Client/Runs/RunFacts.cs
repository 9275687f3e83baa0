using Ebm.Contracts.Runs;
using Ebm.Grains.Runs;

namespace Ebm.Client.Runs;

/// <summary>What is known of a run before its first round.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Place">Where it lives.</param>
/// <param name="Rounds">Rounds in all.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Lanes">Device lanes of this process; 0 where silos compute.</param>
/// <param name="Device">What is computed on.</param>
/// <param name="Lineage">Where its first parameters come from.</param>
internal sealed record RunFacts(
    string Id, RunLocation Place, long Rounds, RunShape Shape, int Lanes, string Device, Lineage? Lineage)
{
    /// <summary>Of a run that is about to start in this process.</summary>
    public static RunFacts Of(RunContext run, string home, int lanes, string device, Lineage? lineage) => new(
        run.Id, RunLocation.In(home, run.Id), run.Plan.Rounds,
        new RunShape(
            run.Plan.Chains, run.Plan.Shards.Count, run.Energy.Layout.Length, run.Data.Train.Count,
            run.Data.Train.Features),
        lanes, device, lineage);

    /// <summary>Of a run in a cluster; null until a parameter server has read its data.</summary>
    public static RunFacts? Of(RunStatus status, RunLocation place) => status is { Shape: { } shape, Rounds: > 0 }
        ? new RunFacts(status.Id, place, status.Rounds, shape, 0, status.Needs?.Device ?? "cpu", status.Lineage)
        : null;
}
