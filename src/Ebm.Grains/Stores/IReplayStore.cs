using Ebm.Contracts.Chains;
using Ebm.Core.Learning;

namespace Ebm.Grains.Stores;

/// <summary>
/// The replay slots of all shards. A shard's slots and the round that they belong to change together or not at all.
/// </summary>
public interface IReplayStore
{
    /// <summary>A shard's slots as last committed; null where there are none.</summary>
    /// <exception cref="DamagedRecordException">What is stored does not match its checksum.</exception>
    Task<ShardRecord?> Read(ShardKey shard);

    /// <summary>
    /// Writes a round's slots. A commit of exactly what is stored already (attempt and round) succeeds and changes nothing.
    /// </summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task Commit(ShardKey shard, ShardCommit commit);

    /// <summary>Replaces everything a shard has, for its first round or to rewind it.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task Replace(ShardKey shard, ShardRecord record);

    /// <summary>The copy of a shard's slots that a commit with <see cref="ShardCommit.KeepCopy"/> left; null where there is none.</summary>
    Task<byte[]?> ReadCopy(ShardKey shard, int attempt, long round);

    /// <summary>Deletes the copy.</summary>
    Task DropCopy(ShardKey shard, long epoch, int attempt, long round);
}

/// <summary>All that is stored of a shard.</summary>
/// <param name="Epoch">That wrote it.</param>
/// <param name="Attempt">Of the run.</param>
/// <param name="Round">The last round committed; 0 for slots that no round has touched.</param>
/// <param name="Version">Parameters that the round sampled from.</param>
/// <param name="Slots">All slots, encoded, one after the other.</param>
/// <param name="Figures">Figures of the round.</param>
public sealed record ShardRecord(
    long Epoch, int Attempt, long Round, long Version, byte[] Slots, ChainFigures Figures);

/// <summary>What a round changes in a shard.</summary>
/// <param name="Epoch">That orders it.</param>
/// <param name="Attempt">Of the run.</param>
/// <param name="Round">The round.</param>
/// <param name="Version">Parameters that it sampled from.</param>
/// <param name="Slots">Slots written, by their number within the shard.</param>
/// <param name="States">Their new values, encoded, in that order.</param>
/// <param name="Figures">Figures of the round.</param>
/// <param name="KeepCopy">Keep a copy of all slots as of this round.</param>
public sealed record ShardCommit(
    long Epoch,
    int Attempt,
    long Round,
    long Version,
    int[] Slots,
    byte[] States,
    ChainFigures Figures,
    bool KeepCopy);

/// <summary>Something stored does not match its checksum.</summary>
public sealed class DamagedRecordException(string what)
    : Exception($"{what} does not match its checksum.");
