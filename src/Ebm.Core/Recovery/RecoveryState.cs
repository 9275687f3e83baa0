namespace Ebm.Core.Recovery;

/// <summary>What recovery needs of the past: part of a trainer's state and of every checkpoint.</summary>
/// <param name="Watch">What the watch remembers.</param>
/// <param name="Rollbacks">The run's rollbacks so far, in order.</param>
public sealed record RecoveryState(DetectorState Watch, IReadOnlyList<RollbackRecord> Rollbacks)
{
    /// <summary>Of a run at its beginning.</summary>
    public static RecoveryState None { get; } = new(DetectorState.Empty, []);
}
