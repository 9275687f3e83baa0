using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Runs;

namespace Ebm.Client.Runs;

/// <summary>The content of a run's folder, as the types of a cluster's answers.</summary>
internal static class StoredRun
{
    /// <summary>A record as the run's status.</summary>
    public static RunStatus ToStatus(this RunRecord record, string id) => new()
    {
        Id = id,
        State = record.State,
        Reason = record.Reason,
        Round = record.Round,
        Rounds = record.Rounds,
        Attempt = record.Attempt,
        Rollbacks = record.Rollbacks,
        Epoch = record.Epoch,
        SpecDigest = record.SpecDigest,
        Lineage = record.Lineage,
        Submitted = record.Submitted,
        Updated = record.Updated,
        Seconds = record.Seconds,
        Result = record.Result,
        Pins = record.Pins,
    };

    /// <summary>A manifest as a checkpoint in brief.</summary>
    public static CheckpointInfo ToInfo(this Manifest manifest) => new(
        manifest.Attempt, manifest.Round, manifest.Scheduled, manifest.ParametersSha256, manifest.StateSha256,
        manifest.Files.Sum(f => f.Length), manifest.Numerics);
}
