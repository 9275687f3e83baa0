namespace Ebm.Core.Plans;

/// <summary>
/// Which rounds are evaluated while training goes on, and by when the outcome is known: that of round c acts at c +
/// delay, however long it took, so that nothing depends on time. Of each attempt the rounds after its base.
/// </summary>
/// <param name="Every">Rounds between two that are evaluated; 0 where there is nothing to wait for.</param>
/// <param name="Delay">Rounds from one to its outcome, at most <paramref name="Every"/>.</param>
/// <param name="Rounds">Rounds of the run; the last one is evaluated at its end.</param>
public sealed record OutcomePlan(long Every, long Delay, long Rounds)
{
    /// <summary>No outcomes.</summary>
    public static OutcomePlan None { get; } = new(0, 0, 0);

    /// <summary>Whether a round of an attempt is one.</summary>
    public bool IsEvaluated(long round, long attemptBase) =>
        Every > 0 && round > attemptBase && round < Rounds && round % Every == 0;

    /// <summary>
    /// The newest evaluated round whose outcome has to be known before a round is asked for; null if there is none.
    /// </summary>
    public long? DueBefore(long round, long attemptBase) =>
        Every > 0 && round > Delay ? Newest(round - Delay, attemptBase) : null;

    /// <summary>
    /// Evaluated rounds whose outcome the state of a version does not contain yet, in order; at most two.
    /// </summary>
    public IReadOnlyList<long> PendingAt(long version, long attemptBase) =>
        Newest(version, attemptBase) is not { } newest
        ? []
        : [.. new[] { newest - Every, newest }.Where(c => IsEvaluated(c, attemptBase) && version <= c + Delay)];

    private long? Newest(long upTo, long attemptBase) =>
        Every > 0 && Math.Min(upTo, Rounds - 1) / Every * Every is var round && IsEvaluated(round, attemptBase)
            ? round
            : null;
}
