using System.Text.Json.Serialization;

namespace Ebm.Core.Recovery;

/// <summary>
/// A rollback of a run: its cause and its target. The ordered rollbacks of a run are part of its state, and determine
/// all changes of hyperparameters.
/// </summary>
/// <param name="Attempt">The attempt that it started, from 1.</param>
/// <param name="Base">The round that it rolled back to.</param>
/// <param name="Violation">The violated limit.</param>
/// <param name="Reinitialised">Number of runaway chains that were reinitialised.</param>
internal sealed record RollbackRecord(
    int Attempt, long Base, [property: JsonPropertyName("breach")] LimitViolation Violation, int Reinitialised);
