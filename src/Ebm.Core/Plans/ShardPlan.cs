using Ebm.Core.Spec;

namespace Ebm.Core.Plans;

/// <summary>The chains and replay slots of one shard, by their numbers in the run.</summary>
/// <param name="Index">Index of the shard, from 0.</param>
/// <param name="FirstChain">First chain: a multiple of <see cref="RowBlocks.Size"/>, so no block is divided.</param>
/// <param name="Chains">Number of chains, at least 1.</param>
/// <param name="FirstSlot">First replay slot.</param>
/// <param name="Slots">Number of slots, at least as many as chains.</param>
internal sealed record ShardPlan(int Index, int FirstChain, int Chains, int FirstSlot, int Slots)
{
    private const int DefaultShards = 8;

    /// <summary>Index of its first block in the run.</summary>
    public int FirstBlock => FirstChain / RowBlocks.Size;

    /// <summary>Number of blocks.</summary>
    public int Blocks => RowBlocks.Count(Chains);

    /// <summary>The shards of a run; by default one per block, at most <see cref="DefaultShards"/>.</summary>
    internal static IReadOnlyList<ShardPlan> Divide(NegativesSpec negatives) => Divide(
        negatives.Chains,
        negatives.SlotCount(),
        negatives.Shards == 0 ? Math.Min(RowBlocks.Count(negatives.Chains), DefaultShards) : negatives.Shards);

    /// <summary>
    /// Divides whole blocks as evenly as possible, and slots in proportion to chains. The division depends on the spec
    /// alone, not on the number of silos.
    /// </summary>
    /// <param name="chains">Chains of the run.</param>
    /// <param name="slots">Slots of the run, at least as many as chains.</param>
    /// <param name="shards">Number of shards, at most the number of blocks.</param>
    internal static IReadOnlyList<ShardPlan> Divide(int chains, int slots, int shards)
    {
        var blocks = RowBlocks.Count(chains);
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, blocks);
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, chains);

        int ChainAt(int shard) => (int)Math.Min(chains, (long)shard * blocks / shards * RowBlocks.Size);

        // One slot per chain, and the rest in proportion. The function grows by at least 1 per chain, so every shard
        // has at least as many slots as chains.
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
