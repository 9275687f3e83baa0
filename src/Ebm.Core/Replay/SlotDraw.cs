using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;

namespace Ebm.Core.Replay;

/// <summary>Starting points of one shard's chains in a round: entry i belongs to chain <c>firstChain + i</c>.</summary>
/// <param name="Slots">
/// Slot that each chain continues from and is written back to, counted from the shard's first slot; all distinct.
/// </param>
/// <param name="Restart">Whether the chain is reinitialised instead of continued from the slot.</param>
internal readonly record struct SlotDraw(int[] Slots, bool[] Restart)
{
    /// <summary>Draws the slots of one shard for a round of a run.</summary>
    public static SlotDraw For(RunSpec spec, ShardPlan shard, int attempt, long round) =>
        For(spec.Seed, shard, attempt, round, spec.Negatives.Reinitialise);

    /// <summary>Draws the slots of one shard for a round.</summary>
    internal static SlotDraw For(ulong seed, ShardPlan shard, int attempt, long round, double reinitialise) => For(
        seed,
        attempt,
        round,
        new ShardRange((uint)shard.FirstSlot, shard.Slots),
        new ShardRange((uint)shard.FirstChain, shard.Chains),
        reinitialise);

    /// <summary>
    /// Draws the slots of a round: all slots in order if there are as many as chains, else distinct slots, every
    /// ordered choice equally probable. Shards draw independently of one another.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="attempt">The run's attempt.</param>
    /// <param name="round">The round to sample.</param>
    /// <param name="slots">The shard's slots.</param>
    /// <param name="chains">The shard's chains, at most as many as its slots.</param>
    /// <param name="reinitialise">Probability that a chain is reinitialised.</param>
    public static SlotDraw For(
        ulong seed, int attempt, long round, ShardRange slots, ShardRange chains, double reinitialise)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chains.Count, slots.Count);
        if (reinitialise is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(reinitialise), reinitialise, "Expected a probability in [0, 1].");
        }

        var drawn = slots.Count == chains.Count
            ? [.. Enumerable.Range(0, slots.Count)]
            : KeyedRandom.SampleWithoutReplacement(
                RandomKey.Derive(seed, Purpose.SlotSelection, attempt, round), slots.First, slots.Count, chains.Count);

        var coins = new KeyedRandom(RandomKey.Derive(seed, Purpose.Reinitialise, attempt, round));
        var restart = new bool[chains.Count];
        for (var i = 0; i < restart.Length; i++)
        {
            restart[i] = coins.Double(chains.First + (uint)i) < reinitialise;
        }

        return new SlotDraw(drawn, restart);
    }
}

/// <summary>A shard's range of the run's slots or chains, by global number.</summary>
internal readonly record struct ShardRange(uint First, int Count);
