using Ebm.Core.Learning;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Training;

/// <summary>The replay slots of one shard of a training in this process.</summary>
internal sealed class TrainingShard
{
    private readonly ShardPlan _plan;
    private readonly NegativesSpec _negatives;
    private readonly ShardChains _chains;
    private readonly byte[] _slots;
    private SlotDraw _draw = new([], []);

    public TrainingShard(
        ShardPlan plan,
        NegativesSpec negatives,
        ulong seed,
        StateCodec codec,
        NegativePhase phase,
        INoise noise,
        Device device)
    {
        (_plan, _negatives, _chains) = (plan, negatives, new ShardChains(plan, codec.BytesPerState));
        _slots = HasSlots
            ? BlockThreads.Run(() => phase.FreshSlots(seed, plan.FirstSlot, plan.Slots, noise, device))
            : [];
    }

    /// <summary>Number of blocks.</summary>
    public int Blocks => _plan.Blocks;

    private bool HasSlots => _negatives.Start == ChainStart.Buffer;

    /// <summary>The initial states of each block in a round.</summary>
    /// <param name="keys">The round's keys.</param>
    /// <param name="batch">Training rows that chains start at; empty if they start elsewhere.</param>
    public IEnumerable<BlockStart> Begin(RoundKeys keys, long[] batch)
    {
        if (HasSlots)
        {
            _draw = SlotDraw.For(keys.Seed, _plan, keys.Attempt, keys.Round, _negatives.Reinitialise);
        }

        var starts = _chains.Gather(_slots, _draw);
        return Enumerable.Range(0, Blocks).Select(block => _chains.Prepare(block, starts, _draw, batch, []));
    }

    /// <summary>Stores the final states of the round's chains.</summary>
    public void End(byte[] states)
    {
        if (HasSlots)
        {
            _chains.Scatter(states, _draw, _slots);
        }
    }
}
