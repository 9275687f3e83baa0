using Ebm.Core.Recovery;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Everything that a run needs to resume after a round, as bytes: a function of the spec and the data, independent of
/// failures on the way. It does not depend on the store.
/// </summary>
internal sealed record Checkpoint
{
    /// <summary>Id of the run.</summary>
    public required string RunId { get; init; }

    /// <summary>Digest of the run's spec.</summary>
    public required string SpecDigest { get; init; }

    /// <summary>Digest of the run's data.</summary>
    public required string DataDigest { get; init; }

    /// <summary>Digest of the file of its TorchScript energy; null for other energies.</summary>
    public string? ModuleDigest { get; init; }

    /// <summary>Numerics of its computation, see <see cref="NumericsFingerprint"/>.</summary>
    public required string Numerics { get; init; }

    /// <summary>The attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Version that the attempt started from: no round samples from an older one.</summary>
    public required long AttemptBase { get; init; }

    /// <summary>Number of applied rounds.</summary>
    public required long Round { get; init; }

    /// <summary>Whether the spec schedules this checkpoint. A checkpoint at a stop is not a rollback point.</summary>
    public required bool Scheduled { get; init; }

    /// <summary>
    /// Flat little-endian float32 parameters by version: <see cref="Round"/>, and the older versions that later rounds
    /// sample from.
    /// </summary>
    public required IReadOnlyDictionary<long, ReadOnlyMemory<byte>> Versions { get; init; }

    /// <summary>Number of updates of the optimiser.</summary>
    public required long OptimiserStep { get; init; }

    /// <summary>The run's rollbacks so far, in order.</summary>
    public IReadOnlyList<RollbackRecord> Rollbacks { get; init; } = [];

    /// <summary>
    /// State of optimiser, moving average, centring and divergence detector, see <see cref="TrainerTensors"/>.
    /// </summary>
    public required IReadOnlyList<NamedTensor> Trainer { get; init; }

    /// <summary>Encoded replay slots of each shard; empty if chains are not persistent.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Slots { get; init; }
}
