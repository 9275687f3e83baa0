using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;

namespace Ebm.Core.Learning;

/// <summary>
/// Classes of the chains of a run. A replay slot keeps its class for the whole run, even if its chain is reinitialised.
/// So the classes are a function of the spec and the data, and are not stored.
/// </summary>
internal sealed class ChainClasses
{
    private readonly RunSpec _spec;
    private readonly RunPlan _plan;
    private readonly int[] _train;
    private readonly int[] _slots;
    private readonly float[]? _weights;

    private ChainClasses(RunSpec spec, RunPlan plan, int[] train)
    {
        (_spec, _plan, _train) = (spec, plan, train);
        Shares = ClassFrequencies.Of(train, spec.Energy.ClassCount());
        _slots = Shares.Spread(plan.Slots);
        _weights = spec.Negatives.Start == ChainStart.Data ? null : Weights();
    }

    /// <summary>Class frequencies of the training data.</summary>
    public ClassFrequencies Shares { get; }

    /// <summary>The classes of a run; null if its energy has no classes.</summary>
    /// <param name="spec">The run's spec.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="train">Its training rows; their labels are checked against the energy's classes.</param>
    /// <exception cref="InputException">There are fewer slots than classes.</exception>
    public static ChainClasses? For(RunSpec spec, RunPlan plan, DataRows train)
    {
        var classes = spec.Energy.ClassCount();
        return classes == 0 ? null
            : plan.Slots >= classes ? new ChainClasses(spec, plan, train.Labels!)
            : throw new InputException(
                $"negatives: {plan.Slots} slots for energy.classes: {classes}. Expected at least one per class.");
    }

    /// <summary>Labels of a shard's chains in a round, [chains of the shard].</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="draw">Slots that its chains continue from, with <c>start: buffer</c>.</param>
    /// <param name="batch">Training rows of the round's batch.</param>
    public int[] OfShard(ShardPlan shard, SlotDraw draw, long[] batch) =>
    [
        .. Enumerable.Range(0, shard.Chains).Select(i => _spec.Negatives.Start switch
        {
            ChainStart.Buffer => _slots[shard.FirstSlot + draw.Slots[i]],
            ChainStart.Data => _train[batch[(shard.FirstChain + i) % batch.Length]],
            _ => _slots[shard.FirstChain + i],
        }),
    ];

    /// <summary>Labels of all chains in a round, shard after shard, [chains].</summary>
    public int[] OfRound(RoundKeys keys, long[] batch) =>
    [
        .. _plan.Shards.SelectMany(shard => OfShard(
            shard,
            _spec.Negatives.Start == ChainStart.Buffer ? SlotDraw.For(_spec, shard, keys.Attempt, keys.Round) : default,
            batch)),
    ];

    /// <summary>Labels of <paramref name="count"/> slots of the run from <paramref name="first"/>.</summary>
    public ReadOnlySpan<int> OfSlots(int first, int count) => _slots.AsSpan(first, count);

    /// <summary>Labels of training rows, [rows].</summary>
    public int[] OfRows(ReadOnlySpan<long> rows)
    {
        var labels = new int[rows.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = _train[rows[i]];
        }

        return labels;
    }

    /// <summary>
    /// Classes of negatives for the gradient, weighted so that each class has its frequency in the data.
    /// </summary>
    public RowClasses Of(ReadOnlySpan<int> labels, TorchSharp.torch.Device device) =>
        RowClasses.Of(labels, Shares.Counts.Count, device, _weights);

    /// <summary>
    /// Weight of each class: its share of the data over its expected share of the chains. Integer numbers of slots make
    /// the shares differ. Unweighted, this difference would be the mean gradient of the parameters that only shift the
    /// energy of a class, which would then drift without bound.
    /// </summary>
    private float[] Weights()
    {
        var expected = new double[Shares.Counts.Count];
        foreach (var shard in _plan.Shards)
        {
            foreach (var label in _slots.AsSpan(shard.FirstSlot, shard.Slots))
            {
                expected[label] += shard.Chains / (double)shard.Slots / _plan.Chains;
            }
        }

        return [.. Shares.Counts.Select((count, y) => (float)(count / (double)_train.Length / expected[y]))];
    }
}
