using Ebm.Core.Recovery;

namespace Ebm.Core.Rounds;

/// <summary>
/// An order of the parameter server to every shard: the negatives of a round, sampled from a version.
/// </summary>
/// <param name="Epoch">The server's epoch.</param>
/// <param name="Attempt">The run's attempt.</param>
/// <param name="Round">The round, counted from 1.</param>
/// <param name="Version">Version of the parameters to sample from.</param>
/// <param name="Checkpoint">Whether the shard copies its slots in the commit of this round.</param>
/// <param name="Change">Change of the attempt's sampler.</param>
internal readonly record struct AdvanceOrder(
    long Epoch, int Attempt, long Round, long Version, bool Checkpoint = false, SamplerChange Change = default);

/// <summary>
/// An order of the parameter server to every shard before its first round: restore the slots of a checkpoint. Every
/// rewind has its own epoch, so a message from before it is never mistaken for a later one.
/// </summary>
/// <param name="Epoch">The server's new epoch.</param>
/// <param name="Attempt">The attempt that continues from the checkpoint.</param>
/// <param name="Round">The checkpoint's round.</param>
internal readonly record struct RewindOrder(long Epoch, int Attempt, long Round);

/// <summary>Position of a shard: the origin of its stored slots, and the epoch whose orders it accepts.</summary>
/// <param name="Epoch">Epoch of the last accepted write.</param>
/// <param name="Attempt">Attempt of the last accepted write.</param>
/// <param name="Round">Last committed round, or the round of the last rewind.</param>
/// <param name="Answerable">Whether the negatives of that round are recorded; false after a rewind.</param>
internal readonly record struct ShardPosition(long Epoch, int Attempt, long Round, bool Answerable)
{
    /// <summary>The position of a shard without stored data: the first server rewinds it to version 0.</summary>
    public static ShardPosition Unwritten { get; } = new(0, 0, 0, false);
}
