using Ebm.Client.Runs;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Remote;

/// <summary>Another run of the same cluster as a beginning.</summary>
internal static class RemoteLineage
{
    /// <summary>The checkpoint that a reference names.</summary>
    /// <exception cref="NotFoundException">There is no such run or checkpoint.</exception>
    public static async Task<Lineage> Of(ClusterConnection cluster, RunReference reference)
    {
        var run = new RemoteRun(cluster, reference.Run);
        await run.Status();
        var checkpoints = (await run.Details()).Checkpoints;
        var chosen = reference.Round is null
            ? (checkpoints.Count == 0 ? null : checkpoints[0])
            : checkpoints.FirstOrDefault(c => c.Round == reference.Round);
        return chosen is null
            ? throw new NotFoundException(
                MissingCheckpoint.Text(reference.Run, reference.Round, checkpoints.Select(c => c.Round)))
            : new Lineage(reference.Run, chosen.Round, chosen.ParametersSha256);
    }
}
