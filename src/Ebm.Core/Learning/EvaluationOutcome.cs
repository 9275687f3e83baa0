namespace Ebm.Core.Learning;

/// <summary>
/// Result of an evaluation for early stopping: the log-likelihood of the monitored rows, or the lower end of its
/// bracket.
/// </summary>
/// <param name="Round">The evaluated round.</param>
/// <param name="AtLeast">Nats per row; NaN if the evaluation gave no value.</param>
internal readonly record struct EvaluationOutcome(long Round, double AtLeast);
