using Ebm.Contracts.Chains;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;

namespace Ebm.Grains.Epochs;

/// <summary>
/// Makes a run's checkpoints out of the server's state and the shards' slots, and finds the one to go on from.
/// </summary>
internal sealed class CheckpointKeeper(
    RunContext run, string specDigest, string numerics, long epoch,
    ICheckpointStore checkpoints, IReplayStore replay, DeviceLanes lanes, SiloMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// Stores the state after its latest round. The shards have kept copies of their slots as of that round, which go
    /// once the checkpoint is whole.
    /// </summary>
    /// <param name="state">The server's state.</param>
    /// <param name="attemptBase">Version that the attempt started from.</param>
    /// <param name="versions">The versions that coming rounds sample from, flat, with the latest.</param>
    /// <param name="scheduled">Whether the spec asks for it.</param>
    public async Task<Manifest> Write(
        TrainerState state, long attemptBase, IReadOnlyList<ParameterLease> versions, bool scheduled)
    {
        using var span = Tracing.Start(Catalogue.CheckpointSpan).With(Catalogue.Version, state.Version);
        var begun = time.GetTimestamp();
        var slots = new List<ReadOnlyMemory<byte>>();
        foreach (var shard in Shards())
        {
            slots.Add(await replay.ReadCopy(shard, state.Attempt, state.Version) ?? throw new CorruptRecordException(
                $"the store has no copy of the slots of shard {shard} as of round {state.Version}"));
        }

        var checkpoint = await Capture(
            state, attemptBase, versions.ToDictionary(v => v.Version, v => v.Parameters), slots, scheduled);
        var manifest = await checkpoints.Write(run.Id, epoch, checkpoint);
        foreach (var shard in Shards())
        {
            await replay.DropCopy(shard, epoch, state.Attempt, state.Version);
        }

        await checkpoints.Prune(run.Id, epoch, run.Spec.Output.KeepCheckpoints, run.RollbackPoints);
        var bytes = manifest.Files.Sum(f => f.Length);
        metrics.Stored(time.GetElapsedTime(begun), bytes);
        span.With(Catalogue.Size, bytes);
        return manifest;
    }

    /// <summary>The state after its latest round, as a checkpoint that is not stored yet.</summary>
    /// <param name="state">The server's state.</param>
    /// <param name="attemptBase">Version that the attempt started from.</param>
    /// <param name="versions">The versions that coming rounds sample from, with the latest.</param>
    /// <param name="slots">The shards' slots.</param>
    /// <param name="scheduled">Whether the spec asks for it.</param>
    public Task<Checkpoint> Capture(
        TrainerState state, long attemptBase, IReadOnlyDictionary<long, Parameters> versions,
        IReadOnlyList<ReadOnlyMemory<byte>> slots, bool scheduled) => lanes.Run(run.Id, _ => new Checkpoint
        {
            RunId = run.Id,
            SpecDigest = specDigest,
            DataDigest = run.Data.Digest,
            ModuleDigest = run.ModuleDigest,
            Numerics = numerics,
            Attempt = state.Attempt,
            AttemptBase = attemptBase,
            Round = state.Version,
            Scheduled = scheduled,
            Versions = versions.ToDictionary(v => v.Key, v => NamedTensor.Of("parameters", v.Value.Flat).Bytes),
            OptimiserStep = state.Optimiser.Step,
            Rollbacks = state.Recovery.Rollbacks,
            Trainer = TrainerTensors.Capture(state),
            Slots = slots,
        });

    /// <summary>The newest whole checkpoint, or null; refused ones are told.</summary>
    /// <exception cref="EbmException">It is of another spec, data, module or numerics.</exception>
    public async Task<Checkpoint?> Latest(bool allowNewHardware, Action<string> refused)
    {
        var latest = await checkpoints.Latest(run.Id, refused);
        if (latest is null)
        {
            return null;
        }

        if (latest.SpecDigest != specDigest || latest.DataDigest != run.Data.Digest
            || latest.ModuleDigest != run.ModuleDigest)
        {
            throw new EbmException(
                $"the checkpoint of round {latest.Round} belongs to other data, another spec or another module. "
                + "The files have changed since the run began; restore them, or start a new run.");
        }

        if (latest.Numerics != numerics && !allowNewHardware)
        {
            throw new EbmException(
                $"the checkpoint of round {latest.Round} was computed on '{latest.Numerics}', this is '{numerics}': "
                + "the result could differ. Go on there, or say --allow-new-hardware.");
        }

        return latest;
    }

    private IEnumerable<ShardKey> Shards() =>
        run.HasSlots ? run.Plan.Shards.Select(s => new ShardKey(run.Id, s.Index)) : [];
}
