namespace Ebm.Core.Learning;

/// <summary>
/// What an evaluation decided by: the log-likelihood of the rows that count, or the lower end of its bracket.
/// </summary>
/// <param name="Round">The round that was evaluated.</param>
/// <param name="AtLeast">Nats a row; NaN where the evaluation came to no figure.</param>
public readonly record struct EvaluationOutcome(long Round, double AtLeast);
