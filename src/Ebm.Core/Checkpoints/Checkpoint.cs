using Ebm.Core.Recovery;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Everything that a run needs to go on from a round, as bytes: a function of the spec and the data, whatever happened
/// on the way. What it is stored in, and where, is a store's business.
/// </summary>
public sealed record Checkpoint
{
    /// <summary>The run.</summary>
    public required string RunId { get; init; }

    /// <summary>Digest of the run's spec.</summary>
    public required string SpecDigest { get; init; }

    /// <summary>Digest of its data.</summary>
    public required string DataDigest { get; init; }

    /// <summary>Digest of the file that its energy is read from; null where it is read from none.</summary>
    public string? ModuleDigest { get; init; }

    /// <summary>Where its bits were computed, see <see cref="NumericsFingerprint"/>.</summary>
    public required string Numerics { get; init; }

    /// <summary>The attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Version that the attempt started from: no round samples from an older one.</summary>
    public required long AttemptBase { get; init; }

    /// <summary>Rounds applied.</summary>
    public required long Round { get; init; }

    /// <summary>
    /// Whether the spec asks for a checkpoint here; one made by a stop is not a place to roll back to.
    /// </summary>
    public required bool Scheduled { get; init; }

    /// <summary>
    /// Flat little-endian float32 parameters by version: <see cref="Round"/>, and the older ones that coming rounds
    /// sample from.
    /// </summary>
    public required IReadOnlyDictionary<long, ReadOnlyMemory<byte>> Versions { get; init; }

    /// <summary>Updates that the optimiser has made.</summary>
    public required long OptimiserStep { get; init; }

    /// <summary>The run's rollbacks so far, in order.</summary>
    public IReadOnlyList<RollbackRecord> Rollbacks { get; init; } = [];

    /// <summary>
    /// Optimiser, moving average, centring offsets, what the watch remembers, see <see cref="TrainerTensors"/>.
    /// </summary>
    public required IReadOnlyList<NamedTensor> Trainer { get; init; }

    /// <summary>Encoded replay slots of each shard; empty where chains do not persist.</summary>
    public required IReadOnlyList<ReadOnlyMemory<byte>> Slots { get; init; }
}
