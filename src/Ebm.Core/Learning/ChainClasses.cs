using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;

namespace Ebm.Core.Learning;

/// <summary>
/// Of which class each chain of a run is. A replay slot keeps its class for as long as the run goes on, also where a
/// chain starts afresh in it; so the classes are a function of the spec and the data, and nowhere stored.
/// </summary>
public sealed class ChainClasses
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

    /// <summary>How often each class comes in the training data.</summary>
    public ClassFrequencies Shares { get; }

    /// <summary>Those of a run; null where its energy has no classes.</summary>
    /// <param name="spec">The run.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="train">Its training rows, with labels that suit the energy.</param>
    /// <exception cref="InputException">There are fewer slots than classes.</exception>
    public static ChainClasses? For(RunSpec spec, RunPlan plan, DataRows train)
    {
        var classes = spec.Energy.ClassCount();
        return classes == 0 ? null
            : plan.Slots >= classes ? new ChainClasses(spec, plan, train.Labels!)
            : throw new InputException($"negatives: {plan.Slots} chains for energy.classes: {classes}; "
                + "each class needs one at least.");
    }

    /// <summary>Labels of a shard's chains in a round, in their order.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="draw">The slots that its chains continue, where they do.</param>
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

    /// <summary>Labels of all chains in a round, shard after shard.</summary>
    public int[] OfRound(RoundKeys keys, long[] batch) =>
    [
        .. _plan.Shards.SelectMany(shard => OfShard(
            shard,
            _spec.Negatives.Start == ChainStart.Buffer ? SlotDraw.For(_spec, shard, keys.Attempt, keys.Round) : default,
            batch)),
    ];

    /// <summary>Labels of so many slots of the run, from one on.</summary>
    public ReadOnlySpan<int> OfSlots(int first, int count) => _slots.AsSpan(first, count);

    /// <summary>Labels of rows of the training data.</summary>
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
    /// The classes of negatives for the gradient, weighted so that each class counts as often as in the data.
    /// </summary>
    public RowClasses Of(ReadOnlySpan<int> labels, TorchSharp.torch.Device device) =>
        RowClasses.Of(labels, Shares.Counts.Count, device, _weights);

    /// <summary>
    /// Share in the data over expected share among the chains, of each class. They differ by what whole numbers of
    /// slots leave over, and would pull apart for ever: the gradient in what only shifts the energy of a class has this
    /// difference as its mean.
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
