using Ebm.Contracts.Chains;
using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Placement;
using Ebm.Grains.Parameters;

namespace Ebm.Grains.Likelihood;

/// <summary>A cluster's silos, a grain a part; one that is lost with its silo begins anew elsewhere, and gives the same.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="run">The run.</param>
/// <param name="needs">What it needs of a silo.</param>
/// <param name="session">A text that no other estimate of the run uses.</param>
/// <param name="time">The clock.</param>
public sealed class ClusterAnnealWorkers(IGrainFactory grains, string run, RunNeeds needs, string session, TimeProvider time) : IAnnealWorkers
{
    /// <inheritdoc/>
    public async Task<AnnealReply> Do(AnnealCall call, int number, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var grain = grains.GetGrain<IAnnealGrain>(new ShardKey($"{run}/{session}", number).ToString());
        while (true)
        {
            needs.Attach();
            var reply = await Insistence.Call(() => grain.Work(call), time, (_, _) => { }, cancellationToken);
            if (reply.IsFinished)
            {
                return reply;
            }

            progress(reply.Done, reply.Total);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
