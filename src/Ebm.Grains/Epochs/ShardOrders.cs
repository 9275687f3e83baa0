using System.Runtime.ExceptionServices;
using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>Sends an epoch's orders to all shards of the run; their answers arrive as messages.</summary>
internal sealed class ShardOrders(
    RunContext run, ShardCalls shards, ShardLocations locations, RoundTraces traces, RoundTimings timings,
    CancellationToken working)
{
    /// <summary>Sends an order to every shard. <paramref name="post"/> gets one message for each.</summary>
    public void Send(AdvanceOrder order, Action<EpochMessage> post)
    {
        foreach (var shard in run.Plan.Shards)
        {
            _ = Ask(new ShardKey(run.Id, shard.Index), order, post);
        }
    }

    /// <summary>Rewinds every shard. <paramref name="rewound"/> gets the number of each that has been.</summary>
    /// <exception cref="Stores.StaleEpochException">A shard obeys a later parameter server.</exception>
    /// <exception cref="Core.EbmException">A shard cannot be rewound.</exception>
    public Task Rewind(RewindOrder order, Action<int> rewound) => Task.WhenAll(run.Plan.Shards.Select(async shard =>
    {
        await shards.Rewind(new ShardKey(run.Id, shard.Index), order, working);
        rewound(shard.Index);
    }));

    private async Task Ask(ShardKey shard, AdvanceOrder order, Action<EpochMessage> post)
    {
        traces.Enter(order.Round, order.Attempt, order.Checkpoint);
        try
        {
            var asked = timings.Now;
            var negatives = await shards.Advance(shard, order, locations, working);
            timings.RecordArrival(order.Round, shard.Shard, asked, negatives.Work);
            post(new EpochMessage.NegativesArrived(order, negatives));
        }
        catch (Exception e)
        {
            // Nothing awaits this task.
            post(new EpochMessage.WorkFailed(ExceptionDispatchInfo.Capture(e)));
        }
    }
}
