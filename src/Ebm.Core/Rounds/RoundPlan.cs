using Ebm.Core.Plans;

namespace Ebm.Core.Rounds;

/// <summary>Rounds, lag and checkpoints of a run, as its spec gives them.</summary>
/// <param name="Shards">Number of shards.</param>
/// <param name="Rounds">Rounds in total, R.</param>
/// <param name="Lag">Versions by which negatives lag behind.</param>
/// <param name="CheckpointEvery">Interval of scheduled checkpoints in rounds; 0 schedules one at the end.</param>
internal sealed record RoundPlan(int Shards, long Rounds, int Lag, long CheckpointEvery)
{
    /// <summary>Evaluations that training waits for.</summary>
    public OutcomePlan Outcomes { get; init; } = OutcomePlan.None;

    /// <summary>The version that a round samples from; never older than the base of the attempt.</summary>
    public long VersionFor(long round, long attemptBase) => Math.Max(attemptBase, round - 1 - Lag);

    /// <summary>The oldest version in a checkpoint of a round: the one that the next round samples from.</summary>
    public long OldestIn(long checkpoint, long attemptBase) => VersionFor(checkpoint + 1, attemptBase);

    /// <summary>Whether the spec schedules a checkpoint of a version.</summary>
    public bool IsScheduled(long version) =>
        version == 0 || version == Rounds || (CheckpointEvery > 0 && version % CheckpointEvery == 0);
}
