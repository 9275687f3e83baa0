using Ebm.Core.Plans;

namespace Ebm.Core.Rounds;

/// <summary>What a run's spec says of its rounds.</summary>
/// <param name="Shards">Number of shards.</param>
/// <param name="Rounds">Rounds in total, R.</param>
/// <param name="Lag">Versions that negatives lag behind.</param>
/// <param name="CheckpointEvery">Rounds between scheduled checkpoints; 0 is one at the end.</param>
public sealed record RoundPlan(int Shards, long Rounds, int Lag, long CheckpointEvery)
{
    /// <summary>Evaluations that training waits for.</summary>
    public OutcomePlan Outcomes { get; init; } = OutcomePlan.None;

    /// <summary>The version that a round samples from: not older than what the attempt started from.</summary>
    public long VersionFor(long round, long attemptBase) => Math.Max(attemptBase, round - 1 - Lag);

    /// <summary>The oldest version that a checkpoint of a round holds: what the round after it samples from.</summary>
    public long OldestIn(long checkpoint, long attemptBase) => VersionFor(checkpoint + 1, attemptBase);

    /// <summary>Whether the spec asks for a checkpoint of a version.</summary>
    public bool IsScheduled(long version) =>
        version == 0 || version == Rounds || (CheckpointEvery > 0 && version % CheckpointEvery == 0);
}
