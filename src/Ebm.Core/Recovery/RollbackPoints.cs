using Ebm.Core.Plans;

namespace Ebm.Core.Recovery;

/// <summary>
/// Where a run may go back to: checkpoints that the spec schedules, at least <paramref name="proof"/> rounds apart, so
/// that few of them have to be kept. One is known to be healthy once so many rounds after it were.
/// </summary>
/// <param name="every">Rounds between two scheduled checkpoints; 0 is none before the last.</param>
/// <param name="proof">Rounds within which a breach is seen.</param>
public sealed class RollbackPoints(long every, long proof)
{
    private readonly long _distance = every == 0 ? 0 : every * Math.Max(1, (proof + every - 1) / every);

    /// <summary>
    /// Evaluations whose outcome a run waits for: a checkpoint that waits for one is not worth much without the one
    /// evaluated.
    /// </summary>
    public OutcomePlan Outcomes { get; init; } = OutcomePlan.None;

    /// <summary>Attempts in a row that may begin at one point without getting away from it.</summary>
    private const int MostTrust = 2;

    /// <summary>Whether a round is such a point.</summary>
    public bool IsPoint(long round) => _distance > 0 && round > 0 && round % _distance == 0;

    /// <summary>
    /// The latest point that was known to be healthy at a round of an attempt: the attempt's base if none after it.
    /// </summary>
    public long Healthy(long round, long attemptBase) =>
        _distance == 0 ? attemptBase : Math.Max(attemptBase, Math.Max(0, round - proof) / _distance * _distance);

    /// <summary>
    /// Where a run goes back to. A point that two attempts in a row could not get away from is not trusted any more,
    /// however healthy it looked: the next one begins at version 0.
    /// </summary>
    public long Target(long breach, long attemptBase, IReadOnlyList<RollbackRecord> rollbacks)
    {
        var healthy = Healthy(breach, attemptBase);
        return healthy == attemptBase && rollbacks.Reverse().TakeWhile(r => r.Base == attemptBase).Count() >= MostTrust
            ? 0
            : healthy;
    }
}
