namespace Ebm.Core.Recovery;

/// <summary>
/// A rollback of a run: what broke, where it went back to, and so what is different since. A run's rollbacks, in order,
/// are part of its state: what is changed follows from them alone.
/// </summary>
/// <param name="Attempt">The attempt that began with it, from 1.</param>
/// <param name="Base">The round that it went back to.</param>
/// <param name="Breach">Why.</param>
/// <param name="Reinitialised">Chains that started afresh there, because they had run away from all others.</param>
public sealed record RollbackRecord(int Attempt, long Base, LimitViolation Breach, int Reinitialised);
