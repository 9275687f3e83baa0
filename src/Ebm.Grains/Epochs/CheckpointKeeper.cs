using Ebm.Contracts.Chains;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Rounds;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;

namespace Ebm.Grains.Epochs;

/// <summary>Makes a run's checkpoints from the trainer's state and the shards' slots.</summary>
internal sealed class CheckpointKeeper(
    RestoredEpoch restored, VersionBoard versions, ICheckpointStore checkpoints, IReplayStore replay, DeviceLanes lanes,
    SiloMetrics metrics, TimeProvider time)
{
    private readonly RunContext _run = restored.Assignment.Run;
    private readonly long _epoch = restored.Assignment.Epoch;

    /// <summary>
    /// Stores the state after its latest round. The shards have kept copies of their slots as of that round; they are
    /// deleted once the checkpoint is stored.
    /// </summary>
    /// <param name="state">The trainer's state.</param>
    /// <param name="protocol">Names the versions that belong to the checkpoint.</param>
    /// <exception cref="CorruptRecordException">A shard's copy is missing or altered.</exception>
    public async Task<Manifest> Write(TrainerState state, ServerProtocol protocol)
    {
        var leases = new List<ParameterLease>();
        try
        {
            for (var version = protocol.OldestVersionNeeded; version <= state.Version; version++)
            {
                leases.Add(versions.Lease(version));
            }

            // The rounds that a checkpoint covers are never computed again: the metrics have to have them before.
            await restored.Reporter.SaveMetrics();
            var manifest = await Write(state, protocol, leases);
            restored.Reporter.Record(
                new RunEvent(0, RunEventKind.Checkpoint, state.Version) { StateSha256 = manifest.StateSha256 });
            return manifest;
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }

    /// <summary>The state after its latest round, as a checkpoint that is not stored yet.</summary>
    /// <param name="state">The trainer's state.</param>
    /// <param name="attemptBase">Version that the attempt started from.</param>
    /// <param name="parameters">The versions that coming rounds sample from, and the latest.</param>
    /// <param name="slots">The shards' slots.</param>
    /// <param name="scheduled">Whether the spec asks for it.</param>
    public Task<Checkpoint> Capture(
        TrainerState state, long attemptBase, IReadOnlyDictionary<long, Parameters> parameters,
        IReadOnlyList<ReadOnlyMemory<byte>> slots, bool scheduled) => lanes.Run(_run.Id, _ => new Checkpoint
        {
            RunId = _run.Id,
            SpecDigest = restored.Assignment.Start.Run.SpecDigest,
            DataDigest = _run.Data.Digest,
            ModuleDigest = _run.ModuleDigest,
            Numerics = restored.Pins.Numerics,
            Attempt = state.Attempt,
            AttemptBase = attemptBase,
            Round = state.Version,
            Scheduled = scheduled,
            Versions = parameters.ToDictionary(v => v.Key, v => NamedTensor.Of("parameters", v.Value.Flat).Bytes),
            OptimiserStep = state.Optimiser.Step,
            Rollbacks = state.Recovery.Rollbacks,
            Trainer = TrainerTensors.Capture(state),
            Slots = slots,
        });

    /// <summary>The manifest of the stored checkpoint of a state; null where there is none.</summary>
    public async Task<Manifest?> Find(TrainerState state) => (await checkpoints.List(_run.Id)).FirstOrDefault(
        manifest => manifest.Attempt == state.Attempt && manifest.Round == state.Version);

    /// <summary>Deletes a checkpoint, and all newer ones.</summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    public Task Forget(int attempt, long round) => checkpoints.Forget(_run.Id, _epoch, attempt, round);

    private async Task<Manifest> Write(TrainerState state, ServerProtocol protocol, List<ParameterLease> leases)
    {
        using var span = Tracing.Start(Catalogue.CheckpointSpan).With(Catalogue.Version, state.Version);
        var begun = time.GetTimestamp();
        var slots = new List<ReadOnlyMemory<byte>>();
        foreach (var shard in ListShards())
        {
            slots.Add(await replay.ReadCopy(shard, state.Attempt, state.Version) ?? throw new CorruptRecordException(
                $"the store has no copy of the slots of shard {shard} as of round {state.Version}"));
        }

        var checkpoint = await Capture(
            state,
            protocol.State.AttemptBase,
            leases.ToDictionary(lease => lease.Version, lease => lease.Parameters),
            slots,
            protocol.Plan.IsScheduled(state.Version));
        var manifest = await checkpoints.Write(_run.Id, _epoch, checkpoint);
        foreach (var shard in ListShards())
        {
            await replay.DropCopy(shard, _epoch, state.Attempt, state.Version);
        }

        await checkpoints.Prune(_run.Id, _epoch, _run.Spec.Output.KeepCheckpoints, _run.RollbackPoints);
        var bytes = manifest.Files.Sum(f => f.Length);
        metrics.Stored(time.GetElapsedTime(begun), bytes);
        span.With(Catalogue.Size, bytes);
        return manifest;
    }

    private IEnumerable<ShardKey> ListShards() =>
        _run.HasSlots ? _run.Plan.Shards.Select(s => new ShardKey(_run.Id, s.Index)) : [];
}
