using Ebm.Core.Recovery;

namespace Ebm.Core.Rounds;

/// <summary>What a parameter server asks of every shard: the negatives of a round, sampled from a version.</summary>
/// <param name="Epoch">The server's epoch.</param>
/// <param name="Attempt">The run's attempt.</param>
/// <param name="Round">The round, counted from 1.</param>
/// <param name="Version">The parameters to sample from.</param>
/// <param name="Checkpoint">Whether the shard copies its slots in the commit of this round.</param>
/// <param name="Change">How the attempt's sampler differs from the spec's.</param>
public readonly record struct AdvanceOrder(
    long Epoch, int Attempt, long Round, long Version, bool Checkpoint = false, SamplerChange Change = default);

/// <summary>
/// What a parameter server asks of every shard before its first round: to go back to the slots of a checkpoint. Every
/// rewind has an epoch of its own, so nothing that was sent before it can be taken for something after it.
/// </summary>
/// <param name="Epoch">The server's new epoch.</param>
/// <param name="Attempt">The attempt that goes on from there.</param>
/// <param name="Round">The checkpoint's round.</param>
public readonly record struct RewindOrder(long Epoch, int Attempt, long Round);

/// <summary>Where a shard stands: what its stored slots are the result of, and whose orders it obeys.</summary>
/// <param name="Epoch">Epoch of the last accepted write.</param>
/// <param name="Attempt">Attempt of the last accepted write.</param>
/// <param name="Round">Last committed round, or the one rewound to.</param>
/// <param name="Answerable">Whether the negatives of that round are on record: false right after a rewind.</param>
public readonly record struct ShardPosition(long Epoch, int Attempt, long Round, bool Answerable)
{
    /// <summary>A shard that never wrote: the first server rewinds it to version 0.</summary>
    public static ShardPosition Unwritten { get; } = new(0, 0, 0, false);
}
