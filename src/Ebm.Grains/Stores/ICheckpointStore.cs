using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;

namespace Ebm.Grains.Stores;

/// <summary>
/// The checkpoints of all runs. A checkpoint is stored completely or not at all; a read verifies its digests.
/// </summary>
internal interface ICheckpointStore
{
    /// <summary>Stores a checkpoint; one that is there already is left as it is.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    /// <exception cref="Core.EbmException">The store does not take it; earlier ones are as they were.</exception>
    Task<Manifest> Write(string run, long epoch, Checkpoint checkpoint);

    /// <summary>
    /// The newest whole one, or null; messages about those that were refused on the way go to
    /// <paramref name="refused"/>.
    /// </summary>
    Task<Checkpoint?> Latest(string run, Action<string> refused);

    /// <summary>The checkpoint of a round: of an attempt, or of the newest one that has the round.</summary>
    /// <exception cref="Core.InputException">There is none, or it is torn or altered.</exception>
    Task<Checkpoint> Read(string run, long round, int? attempt = null);

    /// <summary>The replay slots of one shard in a checkpoint.</summary>
    /// <exception cref="Core.InputException">They are not there, or altered.</exception>
    Task<byte[]> ReadSlots(string run, int attempt, long round, int shard);

    /// <summary>Manifests of all checkpoints, the newest first.</summary>
    Task<IReadOnlyList<Manifest>> List(string run);

    /// <summary>Deletes the old ones that <see cref="CheckpointRetention"/> does not keep.</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task Prune(string run, long epoch, int keep, RollbackPoints points);

    /// <summary>Deletes one, and all that are newer (by attempt, then round).</summary>
    /// <exception cref="StaleEpochException">The epoch was replaced.</exception>
    Task Forget(string run, long epoch, int attempt, long round);
}
