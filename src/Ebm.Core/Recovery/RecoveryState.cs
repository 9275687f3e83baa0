namespace Ebm.Core.Recovery;

/// <summary>State of divergence detection and recovery: part of a trainer's state and of every checkpoint.</summary>
/// <param name="Watch">History of the divergence detector.</param>
/// <param name="Rollbacks">The run's rollbacks so far, in order.</param>
internal sealed record RecoveryState(DetectorState Watch, IReadOnlyList<RollbackRecord> Rollbacks)
{
    /// <summary>The state of a new run.</summary>
    public static RecoveryState None { get; } = new(DetectorState.Empty, []);
}
