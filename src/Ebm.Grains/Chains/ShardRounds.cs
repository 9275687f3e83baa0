using Ebm.Core.Learning;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;

namespace Ebm.Grains.Chains;

/// <summary>The arithmetic of a shard's round, block by block over the silo's lanes.</summary>
internal sealed class ShardRounds(
    RunContext run, ShardPlan shard, DeviceLanes lanes, SiloMetrics metrics, TimeProvider time)
{
    private static readonly SlotDraw NoSlots = new([], []);

    private readonly string _sampler = run.Spec.Sampler.Name();

    /// <summary>Draws the slots that a round's chains continue; none where chains do not persist.</summary>
    public SlotDraw Draw(int attempt, long round) =>
        run.HasSlots ? SlotDraw.For(run.Spec, shard, attempt, round) : NoSlots;

    /// <summary>The encoded slots before the first round.</summary>
    public Task<byte[]> DrawFreshSlots() => lanes.Run(run.Id, lane =>
        run.Negatives.FreshSlots(run.Spec.Seed, shard.FirstSlot, shard.Slots, lane.Noise, lane.Device));

    /// <summary>The shard's chains and slots.</summary>
    public ShardChains Chains { get; } = new(shard, run.Codec.BytesPerState);

    /// <summary>Runs all chains of the shard for a round.</summary>
    /// <param name="version">The parameters to sample from.</param>
    /// <param name="order">The order.</param>
    /// <param name="starts">The drawn slots' states.</param>
    /// <param name="draw">The drawn slots.</param>
    /// <param name="cancellationToken">Cancels blocks that have not started.</param>
    /// <returns>The encoded states of the chains, in order, and their metrics.</returns>
    public async Task<(byte[] States, ChainMetrics Figures)> Run(
        ParameterLease version, AdvanceOrder order, byte[] starts, SlotDraw draw, CancellationToken cancellationToken)
    {
        var keys = new RoundKeys(run.Spec.Seed, order.Attempt, order.Round);
        var negatives = run.NegativesOf(order.Change);
        var batch = run.Spec.Negatives.Start == ChainStart.Data ? run.Batches(keys.Attempt).Indices(keys.Round) : [];
        var classes = run.Classes?.OfShard(shard, draw, batch) ?? [];
        var steps = order.Change.Apply(run.Spec.Sampler, run.Spec.Recovery).Transitions();
        using var span = Tracing.Start(Catalogue.SampleSpan)
            .With(Catalogue.Device, lanes.Device.ToString()).With(Catalogue.Sampler, _sampler)
            .With(Catalogue.Steps, steps).With(Catalogue.Blocks, shard.Blocks);
        var blocks = await Task.WhenAll(Enumerable.Range(0, shard.Blocks).Select(block =>
        {
            var start = Chains.Prepare(block, starts, draw, batch, classes);
            return lanes.Run(
                run.Id,
                lane =>
                {
                    var begun = time.GetTimestamp();
                    var drawn = negatives.Run(version.Parameters, keys, start, lane.Noise);
                    metrics.Sampled(_sampler, time.GetElapsedTime(begun), steps);
                    return drawn;
                },
                cancellationToken);
        }));
        var chains = BlockTree.Reduce(blocks.Length, i => blocks[i].Metrics, ChainMetrics.Add);
        if (!double.IsNaN(chains.Acceptance))
        {
            span.With(Catalogue.Acceptance, chains.Acceptance);
        }

        return (Join(blocks.Select(b => b.States).ToArray()), chains);
    }

    private static byte[] Join(byte[][] parts)
    {
        var all = new byte[parts.Sum(p => p.Length)];
        var at = 0;
        foreach (var part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }
}
