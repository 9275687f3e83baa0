using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Runs;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The arithmetic of an update, spread over the silo's lanes: gradients block by block, summed in one fixed tree, so
/// that the result does not depend on the number of lanes.
/// </summary>
internal sealed class RoundUpdate(
    RunContext run, DeviceLanes lanes, FaultPoints faults, SiloMetrics metrics, TimeProvider time, double energyL2)
{
    /// <summary>The positive phase of a round: its sum over the data batch.</summary>
    public Task<PhaseSum> SumPositivePhase(Parameters current, RoundKeys keys, long[] batch)
    {
        var fault = faults.CorruptBatch?.Invoke(run.Id, keys.Attempt, keys.Round);
        return Sum(
            run.Gradients.DataBlocks,
            (lane, block) => run.Gradients.OfData(current, keys, batch, block, lane.Noise, energyL2, fault));
    }

    /// <summary>Computes the negative phase of a round, and makes the step of both phases.</summary>
    /// <param name="state">The trainer's state; advanced to the next version.</param>
    /// <param name="current">The parameters before the step.</param>
    /// <param name="positive">The positive phase.</param>
    /// <param name="negatives">The encoded negatives of each shard, in order.</param>
    /// <param name="classes">The class of each chain; empty where the energy has no classes.</param>
    /// <param name="chains">The chains' metrics.</param>
    /// <returns>The applied round, and the new version's parameters, to be shared.</returns>
    public async Task<(AppliedRound Applied, Parameters Next)> Apply(
        TrainerState state, Parameters current, PendingSum positive, IReadOnlyList<ReadOnlyMemory<byte>> negatives,
        int[] classes, ChainMetrics chains)
    {
        using var span = Tracing.Start(Catalogue.UpdateSpan).With(Catalogue.Device, lanes.Device.ToString());
        var begun = time.GetTimestamp();
        using var negative = await SumNegativePhase(current, negatives, classes);
        var sum = await positive.Sum;
        var made = await lanes.Run(run.Id, _ =>
        {
            var applied = run.Trainer.Apply(state, sum, negative, chains);
            applied.Previous.Dispose();
            return (applied, TrainerStateLoader.Share(run, state.Parameters, state.TuningOf(state.Version)));
        });
        metrics.Updated(time.GetElapsedTime(begun));
        return made;
    }

    private Task<PhaseSum> SumNegativePhase(
        Parameters current, IReadOnlyList<ReadOnlyMemory<byte>> negatives, int[] classes)
    {
        var blocks = SplitIntoBlocks(negatives);
        return Sum(
            blocks.Length,
            (_, block) => run.Gradients.OfNegatives(
                current, blocks[block].States.Span, run.Plan.Chains, energyL2,
                classes.AsSpan(classes.Length == 0 ? .. : blocks[block].Chains)));
    }

    /// <summary>
    /// The negatives of each block of the run, as slices of the shards' answers, and the block's chains.
    /// </summary>
    private (ReadOnlyMemory<byte> States, Range Chains)[] SplitIntoBlocks(IReadOnlyList<ReadOnlyMemory<byte>> negatives)
    {
        var size = run.Codec.BytesPerState;
        return [.. run.Plan.Shards.SelectMany(shard => Enumerable.Range(0, shard.Blocks).Select(block =>
        {
            var (first, count) = RowBlocks.At(block, shard.Chains);
            var chain = shard.FirstChain + first;
            return (negatives[shard.Index].Slice(first * size, count * size), chain..(chain + count));
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
