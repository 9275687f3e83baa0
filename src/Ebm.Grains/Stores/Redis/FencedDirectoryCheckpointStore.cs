using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.RunFolders.Checkpoints;
using Microsoft.Extensions.Options;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Checkpoints as files of a directory that all silos share, with the run's fence in Redis. It is looked at right
/// before a checkpoint can be found and before anything is deleted. Between the look and the step a writer may still be
/// replaced; that does no harm: what a checkpoint holds is a function of the spec, so both would write the same, and
/// unfinished work of a higher epoch is left alone.
/// </summary>
internal sealed class FencedDirectoryCheckpointStore(
    RedisRunFence fence, DeviceLanes lanes, FaultPoints faults, IOptions<RedisStoreOptions> options) : ICheckpointStore
{
    private readonly string _directory = options.Value.CheckpointDirectory
        ?? throw new ArgumentException("No directory for checkpoints is named.", nameof(options));

    /// <inheritdoc/>
    public async Task<Manifest> Write(string run, long epoch, Checkpoint checkpoint)
    {
        await fence.Check(run, epoch);
        var draft = await lanes.Run(run, _ => Of(run, epoch).Prepare(checkpoint));
        faults.Reached(FaultPoint.InCheckpoint, run, checkpoint.Round);
        await fence.Check(run, epoch);
        return await lanes.Run(run, _ => Of(run, epoch).Publish(draft));
    }

    /// <inheritdoc/>
    public Task<Checkpoint?> Latest(string run, Action<string> refused) =>
        lanes.Run(run, _ => Of(run).Latest(refused: refused));

    /// <inheritdoc/>
    public Task<Checkpoint> Read(string run, long round, int? attempt = null) =>
        lanes.Run(run, _ => Of(run).Read(round, attempt));

    /// <inheritdoc/>
    public Task<byte[]> ReadSlots(string run, int attempt, long round, int shard) =>
        lanes.Run(run, _ => Of(run).ReadSlots(attempt, round, shard));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Manifest>> List(string run) => lanes.Run(run, _ => Of(run).List());

    /// <inheritdoc/>
    public Task Prune(string run, long epoch, int keep, RollbackPoints points) =>
        Fenced(run, epoch, directory => directory.Prune(keep, points));

    /// <inheritdoc/>
    public Task Forget(string run, long epoch, int attempt, long round) =>
        Fenced(run, epoch, directory => directory.Forget(attempt, round));

    private async Task Fenced(string run, long epoch, Action<CheckpointDirectory> act)
    {
        await fence.Check(run, epoch);
        await lanes.Run(run, _ =>
        {
            act(Of(run, epoch));
            return 0;
        });
    }

    private CheckpointDirectory Of(string run, long epoch = 0) => new(Path.Combine(_directory, run), epoch);
}
