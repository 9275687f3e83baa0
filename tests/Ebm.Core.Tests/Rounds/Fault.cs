namespace Ebm.Core.Tests.Rounds;

/// <summary>A rule that is broken on purpose: the simulation has to notice.</summary>
public enum Fault
{
    None,

    /// <summary>The store takes writes of servers that were replaced.</summary>
    StaleEpochsAccepted,

    /// <summary>The store takes a round that it has already.</summary>
    RepeatedCommitsAccepted,

    /// <summary>A rewind moves the position and leaves the slots.</summary>
    RewindLeavesSlots,

    /// <summary>Shards sample from the newest version there is.</summary>
    NewestVersionSampled,

    /// <summary>A server that takes over asks for rounds without rewinding.</summary>
    NoRewind,

    /// <summary>A server that was replaced may still write checkpoints.</summary>
    StaleCheckpointsAccepted,

    /// <summary>A checkpoint holds the newest version alone.</summary>
    CheckpointWithoutLaggedVersions,

    /// <summary>Training continues although the outcome that acts is unknown.</summary>
    OutcomesNotWaitedFor,

    /// <summary>A server that takes over does not evaluate what the one before it was evaluating.</summary>
    PendingOutcomesForgotten,

    /// <summary>A run rolls back to the newest checkpoint, such as one that a stop has made.</summary>
    RollbackToAnyCheckpoint,
}
