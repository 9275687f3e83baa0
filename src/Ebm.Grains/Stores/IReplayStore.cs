using Ebm.Contracts.Chains;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;

namespace Ebm.Grains.Stores;

/// <summary>
/// The replay slots of all shards. A shard's slots and the round that they belong to change together or not at all, and
/// only as <see cref="ShardFence"/> allows.
/// </summary>
internal interface IReplayStore
{
    /// <summary>A shard's slots as last written; null where there are none.</summary>
    Task<ShardRecord?> Read(ShardKey shard);

    /// <summary>
    /// Writes a round's slots, and with <see cref="AdvanceOrder.Checkpoint"/> keeps a copy of them all.
    /// </summary>
    Task<WriteVerdict> Commit(ShardKey shard, ShardCommit commit);

    /// <summary>Replaces all that a shard has.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="order">That it carries out.</param>
    /// <param name="slots">All slots, encoded, one after the other.</param>
    /// <param name="bytesPerState">Bytes of each.</param>
    Task<WriteVerdict> Rewind(ShardKey shard, RewindOrder order, byte[] slots, int bytesPerState);

    /// <summary>
    /// The copy of a shard's slots that the commit of a checkpoint's round left; null where there is none.
    /// </summary>
    Task<byte[]?> ReadCopy(ShardKey shard, int attempt, long round);

    /// <summary>Deletes the copy.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task DropCopy(ShardKey shard, long epoch, int attempt, long round);
}

/// <summary>All that is stored of a shard.</summary>
/// <param name="Position">The last write.</param>
/// <param name="Version">Parameters that its round sampled from.</param>
/// <param name="Figures">Figures of the round.</param>
/// <param name="Slots">All slots, encoded, one after the other.</param>
internal sealed record ShardRecord(ShardPosition Position, long Version, ChainMetrics Figures, byte[] Slots);

/// <summary>What a round changes in a shard.</summary>
/// <param name="Order">That it carries out.</param>
/// <param name="Figures">Figures of the round.</param>
/// <param name="Slots">Slots written, by their number within the shard.</param>
/// <param name="States">Their new values, encoded, in that order.</param>
internal sealed record ShardCommit(AdvanceOrder Order, ChainMetrics Figures, int[] Slots, byte[] States);
