using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Likelihood;
using Ebm.Contracts.Runs;
using Ebm.Core.Plans;
using Ebm.Grains.Devices;
using Ebm.Grains.Placement;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>
/// A part of an estimate as an actor: leases the model, does the part on the lanes, keeps the reply until it is
/// fetched.
/// </summary>
[OnLanes, SpreadByLanes]
internal sealed class AnnealGrain(AnnealedModels models, DeviceLanes lanes, TimeProvider time) : Grain, IAnnealGrain
{
    private const int MostChains = 65536, MostSteps = 100_000_000;

    /// <summary>How long a call waits for the end before it says how far the work is.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(1);

    /// <summary>Time after which work without a request stops: its caller has ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _ending = new();
    private Task<AnnealReply>? _work;
    private long _asked;
    private (long Done, long Total) _progress;

    /// <inheritdoc/>
    public async Task<AnnealReply> Work(AnnealCall call)
    {
        Check(call);
        _asked = time.GetTimestamp();
        if (_work is null or { IsFaulted: true } or { IsCanceled: true })
        {
            _work = Do(call);
        }

        try
        {
            return await _work.WaitAsync(Heartbeat, time);
        }
        catch (TimeoutException)
        {
            return new AnnealReply { Done = _progress.Done, Total = _progress.Total };
        }
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending.Cancel();
        return Task.CompletedTask;
    }

    private async Task<AnnealReply> Do(AnnealCall call)
    {
        var run = ShardKey.Parse(this.GetPrimaryKeyString()).Run.Split('/')[0];
        var description = await GrainFactory.GetGrain<IRunGrain>(run).Describe() ?? throw new UnknownRunException(run);
        using var lease = models.Lease(description, call.Attempt, call.Round);
        return await new AnnealWorker(lanes, await lease.Model, time).Do(call, Note, _ending.Token);
    }

    private void Note(long done, long total)
    {
        _progress = (done, total);
        if (time.GetElapsedTime(_asked) > Patience)
        {
            _ending.Cancel();
            DeactivateOnIdle();
        }
    }

    private static void Check(AnnealCall call)
    {
        var blocks = RowBlocks.Count(call.Chains);
        if (call.Chains is < 4 or > MostChains || call.Temperatures is < 25 or > MostSteps
            || call.Sweeps is < 2 or > MostSteps
            || call.Copies < 2 || call.Chains % call.Copies != 0 || call.Chains < 2 * call.Copies || call.Block < 0
            || call.Block >= blocks
            || (call.Part != AnnealPart.Pilot && call.Pilot is null))
        {
            throw new MalformedMessageException(
                $"no part of an estimate: {call.Chains} chains in groups of {call.Copies}, {call.Temperatures} "
                    + $"temperatures, {call.Sweeps} sweeps, block {call.Block}.");
        }
    }
}
