using Ebm.Contracts.Chains;
using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Placement;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>
/// A cluster's silos, a grain a part; one that is lost with its silo begins anew elsewhere, and gives the same.
/// </summary>
/// <param name="grains">The cluster.</param>
/// <param name="run">The run.</param>
/// <param name="needs">What it needs of a silo.</param>
/// <param name="session">A text that no other estimate of the run uses.</param>
/// <param name="insist">Makes a call until it is answered.</param>
internal sealed class ClusterAnnealWorkers(
    IGrainFactory grains, string run, RunRequirements needs, string session, Func<Func<Task<AnnealReply>>,
    Task<AnnealReply>> insist) : IAnnealWorkers
{
    /// <inheritdoc/>
    public async Task<AnnealReply> Do(
        AnnealCall call, int number, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IAnnealGrain>(new ShardKey($"{run}/{session}", number).ToString());
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            needs.Attach();
            var reply = await insist(() => grain.Work(call));
            if (reply.IsFinished)
            {
                return reply;
            }

            progress(reply.Done, reply.Total);
        }
    }
}
