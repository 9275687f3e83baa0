using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Grains.Devices;
using Ebm.RunFolders;
using Ebm.RunFolders.Checkpoints;

namespace Ebm.Grains.Stores;

/// <summary>Checkpoints in the runs' folders. Files are read and written on a lane, never in a grain's turn.</summary>
internal sealed class FileCheckpointStore(RunHome home, DeviceLanes lanes) : ICheckpointStore
{
    /// <inheritdoc/>
    public Task<Manifest> Write(string run, long epoch, Checkpoint checkpoint) => lanes.Run(run, _ =>
    {
        home.Check(run, epoch);
        return Of(run).Write(checkpoint);
    });

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
    public Task Prune(string run, long epoch, int keep, RollbackPoints points) => lanes.Run(run, _ =>
    {
        home.Check(run, epoch);
        Of(run).Prune(keep, points);
        return 0;
    });

    /// <inheritdoc/>
    public Task Forget(string run, long epoch, int attempt, long round) => lanes.Run(run, _ =>
    {
        home.Check(run, epoch);
        Of(run).Forget(attempt, round);
        return 0;
    });

    private CheckpointDirectory Of(string run) => new(home.Of(run, RunLayout.Checkpoints));
}
