namespace Ebm.Contracts.Retries;

/// <summary>An attempt that failed and is followed by another one.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="Delay">The delay before the next attempt.</param>
internal readonly record struct FailedAttempt(int Number, Exception Failure, TimeSpan Delay);
