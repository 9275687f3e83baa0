using Ebm.Core.Plans;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Runs;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The arithmetic of an update, spread over the silo's lanes: gradients block by block, summed in the one fixed tree,
/// so the number of lanes does not show in the result.
/// </summary>
internal sealed class RoundUpdate(
    RunContext run, DeviceLanes lanes, FaultPoints faults, SiloMetrics metrics, TimeProvider time, double energyL2)
{
    /// <summary>The data's side of a round.</summary>
    public Task<PhaseSum> OfData(Parameters current, RoundKeys keys, long[] batch)
    {
        var spoil = faults.SpoilBatch?.Invoke(run.Id, keys.Attempt, keys.Round);
        return Sum(
            run.Gradients.DataBlocks,
            (lane, block) => run.Gradients.OfData(current, keys, batch, block, lane.Noise, energyL2, spoil));
    }

    /// <summary>The model's side of a round, and the step that both sides make.</summary>
    /// <param name="state">The server's state; afterwards it is the next version's.</param>
    /// <param name="current">The parameters before.</param>
    /// <param name="data">The data's side.</param>
    /// <param name="byShard">The shards' negatives, in order.</param>
    /// <param name="classes">The class of each, where there are classes.</param>
    /// <param name="chains">What the chains reported.</param>
    /// <returns>What came of it, and the new version's parameters, to be shared.</returns>
    public async Task<(AppliedRound Applied, Parameters Next)> Apply(
        TrainerState state, Parameters current, PendingSum data, IReadOnlyList<ReadOnlyMemory<byte>> byShard,
        int[] classes, ChainMetrics chains)
    {
        using var span = Tracing.Start(Catalogue.UpdateSpan).With(Catalogue.Device, lanes.Device.ToString());
        var begun = time.GetTimestamp();
        using var negatives = await OfNegatives(current, byShard, classes);
        var sum = await data.Sum;
        var made = await lanes.Run(run.Id, _ =>
        {
            var applied = run.Trainer.Apply(state, sum, negatives, chains);
            applied.Previous.Dispose();
            return (applied, EpochStarts.Share(run, state.Parameters, state.TuningOf(state.Version)));
        });
        metrics.Updated(time.GetElapsedTime(begun));
        return made;
    }

    private Task<PhaseSum> OfNegatives(Parameters current, IReadOnlyList<ReadOnlyMemory<byte>> byShard, int[] classes)
    {
        var blocks = Blocks(byShard);
        return Sum(
            blocks.Length,
            (_, block) => run.Gradients.OfNegatives(
                current, blocks[block].States.Span, run.Plan.Chains, energyL2,
                classes.AsSpan(classes.Length == 0 ? .. : blocks[block].Chains)));
    }

    /// <summary>The negatives of each block of the run, as parts of the shards' answers.</summary>
    private (ReadOnlyMemory<byte> States, Range Chains)[] Blocks(IReadOnlyList<ReadOnlyMemory<byte>> byShard)
    {
        var size = run.Codec.BytesPerState;
        return [.. run.Plan.Shards.SelectMany(shard => Enumerable.Range(0, shard.Blocks).Select(block =>
        {
            var (first, count) = RowBlocks.At(block, shard.Chains);
            var chain = shard.FirstChain + first;
            return (byShard[shard.Index].Slice(first * size, count * size), chain..(chain + count));
        }))];
    }

    private async Task<PhaseSum> Sum(int blocks, Func<Lane, int, PhaseSum> leaf)
    {
        var parts = BlockTree.Split(blocks, lanes.Count);
        Task<PhaseSum>[] pending = [.. parts.Select(part => lanes.Run(
            run.Id, lane => BlockTree.Reduce(part, block => leaf(lane, block), PhaseSum.Add)))];
        PhaseSum[] sums;
        try
        {
            sums = await Task.WhenAll(pending);
        }
        catch
        {
            foreach (var sum in pending.Where(p => p.IsCompletedSuccessfully))
            {
                (await sum).Dispose();
            }

            throw;
        }

        if (sums.Length == 1)
        {
            return sums[0];
        }

        var bySubtree = parts.Zip(sums).ToDictionary(p => p.First, p => p.Second);
        return await lanes.Run(run.Id, _ => BlockTree.Merge(blocks, bySubtree, PhaseSum.Add));
    }
}
