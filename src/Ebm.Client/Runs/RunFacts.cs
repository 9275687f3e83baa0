using Ebm.Contracts.Runs;
using Ebm.Grains.Runs;

namespace Ebm.Client.Runs;

/// <summary>What is known of a run before its first round.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Directory">Its folder, as the user would name it.</param>
/// <param name="Home">The folder of runs as the user named it.</param>
/// <param name="Rounds">Rounds in all.</param>
/// <param name="Chains">Negatives a round.</param>
/// <param name="Parameters">Numbers that are learned.</param>
/// <param name="Rows">Training rows.</param>
/// <param name="Features">Numbers in a row.</param>
/// <param name="Lanes">Device lanes.</param>
/// <param name="Device">What they compute on.</param>
/// <param name="Lineage">Where its first parameters come from.</param>
internal sealed record RunFacts(
    string Id, string Directory, string Home, int Rounds, int Chains, long Parameters, int Rows, int Features, int Lanes,
    string Device, Lineage? Lineage)
{
    /// <summary>Of a run that is about to start.</summary>
    public static RunFacts Of(RunContext run, string home, int lanes, string device, Lineage? lineage) => new(
        run.Id, Path.Combine(home, run.Id), home, run.Plan.Rounds, run.Plan.Chains, run.Energy.Layout.Length,
        run.Data.Train.Count, run.Data.Train.Features, lanes, device, lineage);
}
