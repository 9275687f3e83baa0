using Ebm.Core.Plans;

namespace Ebm.Core.Recovery;

/// <summary>
/// Checkpoints that a run can roll back to: scheduled ones, at least <paramref name="proof"/> rounds apart, so that few
/// are retained. A point counts as healthy after <paramref name="proof"/> further rounds without a violation.
/// </summary>
/// <param name="every">Interval of scheduled checkpoints in rounds; 0 schedules only the last.</param>
/// <param name="proof">Detection delay in rounds.</param>
internal sealed class RollbackPoints(long every, long proof)
{
    private readonly long _distance = every == 0 ? 0 : every * Math.Max(1, (proof + every - 1) / every);

    /// <summary>
    /// Evaluations that training waits for. A checkpoint that awaits an outcome is useless without the checkpoint under
    /// evaluation.
    /// </summary>
    public OutcomePlan Outcomes { get; init; } = OutcomePlan.None;

    /// <summary>Consecutive attempts that may start from one point.</summary>
    private const int MostTrust = 2;

    /// <summary>Whether a round is a rollback point.</summary>
    public bool IsPoint(long round) => _distance > 0 && round > 0 && round % _distance == 0;

    /// <summary>
    /// The latest point known to be healthy at a round of an attempt; the attempt's base if there is no later one.
    /// </summary>
    public long Healthy(long round, long attemptBase) =>
        _distance == 0 ? attemptBase : Math.Max(attemptBase, Math.Max(0, round - proof) / _distance * _distance);

    /// <summary>
    /// The round that a run rolls back to. A point from which two consecutive attempts diverged is no longer trusted,
    /// even if its metrics were healthy: the next attempt starts from version 0.
    /// </summary>
    public long Target(long violation, long attemptBase, IReadOnlyList<RollbackRecord> rollbacks)
    {
        var healthy = Healthy(violation, attemptBase);
        var attemptsFromBase = rollbacks.Reverse().TakeWhile(r => r.Base == attemptBase).Count();
        return healthy == attemptBase && attemptsFromBase >= MostTrust ? 0 : healthy;
    }
}
