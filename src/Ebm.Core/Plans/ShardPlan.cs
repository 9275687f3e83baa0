namespace Ebm.Core.Plans;

/// <summary>One shard: the chains and replay slots that it holds, by their numbers in the whole run.</summary>
/// <param name="Index">Number of the shard, from 0.</param>
/// <param name="FirstChain">Its first chain: a multiple of <see cref="RowBlocks.Size"/>, so blocks are never
/// cut.</param>
/// <param name="Chains">Number of chains, at least 1.</param>
/// <param name="FirstSlot">Its first replay slot.</param>
/// <param name="Slots">Number of slots, at least as many as chains.</param>
public sealed record ShardPlan(int Index, int FirstChain, int Chains, int FirstSlot, int Slots)
{
    /// <summary>Its first block's number in the run.</summary>
    public int FirstBlock => FirstChain / RowBlocks.Size;

    /// <summary>Number of blocks.</summary>
    public int Blocks => RowBlocks.Of(Chains);

    /// <summary>
    /// Divides whole blocks as evenly as they go, and slots in proportion to chains. It follows from the spec alone:
    /// the same on one silo or on eight.
    /// </summary>
    /// <param name="chains">Chains of the run.</param>
    /// <param name="slots">Slots of the run, at least as many as chains.</param>
    /// <param name="shards">Number of shards, at most the number of blocks.</param>
    internal static IReadOnlyList<ShardPlan> Divide(int chains, int slots, int shards)
    {
        var blocks = RowBlocks.Of(chains);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, chains);

        int ChainAt(int shard) => (int)Math.Min(chains, (long)shard * blocks / shards * RowBlocks.Size);

        // One slot a chain, and the rest in proportion: floors of a rising line leave no shard below its chains.
        int SlotAt(int chain) => chain + (int)((long)(slots - chains) * chain / chains);

        return
        [
            .. from shard in Enumerable.Range(0, shards)
               let first = ChainAt(shard)
               let next = ChainAt(shard + 1)
               select new ShardPlan(shard, first, next - first, SlotAt(first), SlotAt(next) - SlotAt(first)),
        ];
    }
}
