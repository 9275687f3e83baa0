namespace Ebm.Core.Plans;

/// <summary>
/// Schedule of the evaluations that influence training, and of their outcomes. The outcome of evaluated round c takes
/// effect at round c + delay, however long the evaluation takes, so results do not depend on timing. In each attempt
/// only rounds after its base are evaluated.
/// </summary>
/// <param name="Every">Evaluation interval in rounds; 0 disables outcomes.</param>
/// <param name="Delay">
/// Rounds from an evaluation to the effect of its outcome, at most <paramref name="Every"/>.
/// </param>
/// <param name="Rounds">Rounds of the run; the last one is evaluated when the run ends.</param>
internal sealed record OutcomePlan(long Every, long Delay, long Rounds)
{
    /// <summary>No outcomes.</summary>
    public static OutcomePlan None { get; } = new(0, 0, 0);

    /// <summary>Whether a round of an attempt is evaluated.</summary>
    public bool IsEvaluated(long round, long attemptBase) =>
        Every > 0 && round > attemptBase && round < Rounds && round % Every == 0;

    /// <summary>
    /// The newest evaluated round whose outcome must be known before a round is ordered; null if none.
    /// </summary>
    public long? DueBefore(long round, long attemptBase) =>
        Every > 0 && round > Delay ? Newest(round - Delay, attemptBase) : null;

    /// <summary>
    /// Evaluated rounds whose outcome is not yet part of the state of a version, in order; at most two.
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
