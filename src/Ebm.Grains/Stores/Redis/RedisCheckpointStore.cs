using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Checkpoints in Redis. The content goes first, in chunks; then one step enters the manifest, if every chunk is there.
/// What is deleted loses its manifest first. Chunks that no manifest names, as a writer leaves them that dies, go with
/// the next write.
/// </summary>
internal sealed class RedisCheckpointStore(
    RedisCalls calls, RedisKeys keys, RedisRunFence fence, DeviceLanes lanes, FaultPoints faults)
    : ICheckpointStore
{
    private const int KeysAtOnce = 500;

    private readonly RedisCheckpoints _stored = new(calls, keys, lanes);

    /// <inheritdoc/>
    public async Task<Manifest> Write(string run, long epoch, Checkpoint checkpoint)
    {
        await fence.Check(run, epoch);
        var image = await lanes.Run(run, _ => CheckpointImage.Of(checkpoint));
        var at = RedisKeys.At(checkpoint.Attempt, checkpoint.Round);
        if (await Stored(run, at, image.Manifest) is { } stored)
        {
            var manifest = stored with { Scheduled = stored.Scheduled || image.Manifest.Scheduled };
            if (manifest.Scheduled == stored.Scheduled || await Publish(run, epoch, at, manifest))
            {
                return manifest;
            }
        }

        await Sweep(run, epoch);
        do
        {
            await Put(run, epoch, at, image);
            faults.Reached(FaultPoint.InCheckpoint, run, checkpoint.Round);
        }
        while (!await Publish(run, epoch, at, image.Manifest));

        await Sweep(run, epoch);
        return image.Manifest;
    }

    /// <inheritdoc/>
    public async Task<Checkpoint?> Latest(string run, Action<string> refused)
    {
        foreach (var placed in await _stored.Find(run))
        {
            try
            {
                return await _stored.Open(run, placed);
            }
            catch (InputException e)
            {
                refused(e.Message);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async Task<Checkpoint> Read(string run, long round, int? attempt = null)
    {
        var placed = (await _stored.Find(run))
            .FirstOrDefault(p => p.Round == round && p.Attempt == (attempt ?? p.Attempt))
            ?? throw new InputException($"run '{run}' has no checkpoint of round {round} in Redis.");
        return await _stored.Open(run, placed);
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadSlots(string run, int attempt, long round, int shard)
    {
        var at = RedisKeys.At(attempt, round);
        var placed = (await _stored.Find(run)).FirstOrDefault(p => p.At == at)
            ?? throw new InputException($"run '{run}' has no checkpoint of round {round}, "
                + $"attempt {attempt}, in Redis.");
        return await _stored.OpenSlots(run, placed, shard);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Manifest>> List(string run) =>
        [.. (await _stored.Find(run)).Select(p => p.Manifest).OfType<Manifest>()];

    /// <inheritdoc/>
    public async Task Prune(string run, long epoch, int keep, RollbackPoints points)
    {
        await fence.Check(run, epoch);
        var retention = new CheckpointRetention(keep, points);
        foreach (var placed in await _stored.Find(run))
        {
            if (retention.Drops(placed.Manifest))
            {
                await CheckpointScripts.Withdraw.Run(calls, keys, run, epoch, [keys.Checkpoints(run)], placed.At);
            }
            else
            {
                retention.Keep(placed.Manifest, retention.AsksWhetherWhole && await _stored.IsComplete(run, placed));
            }
        }

        await Sweep(run, epoch);
    }

    /// <inheritdoc/>
    public async Task Forget(string run, long epoch, int attempt, long round)
    {
        await fence.Check(run, epoch);
        foreach (var placed in (await _stored.Find(run))
            .Where(p => (p.Attempt, p.Round).CompareTo((attempt, round)) >= 0))
        {
            await CheckpointScripts.Withdraw.Run(calls, keys, run, epoch, [keys.Checkpoints(run)], placed.At);
        }

        await Sweep(run, epoch);
    }

    /// <summary>The manifest in a place, if exactly this state is stored there whole.</summary>
    private async Task<Manifest?> Stored(string run, string at, Manifest wanted) =>
        (await _stored.Find(run)).FirstOrDefault(p => p.At == at) is { Manifest: { } found } placed
            && found.StateSha256 == wanted.StateSha256 && found.Numerics == wanted.Numerics
            && await _stored.IsComplete(run, placed)
                ? found
                : null;

    private async Task Put(string run, long epoch, string at, CheckpointImage image)
    {
        foreach (var (file, content) in image.Manifest.Files.Zip(image.Contents))
        {
            foreach (var chunk in CheckpointChunk.Of(keys.Checkpoint(run, at), file))
            {
                await CheckpointScripts.Put.Run(
                    calls, keys, run, epoch, [keys.Chunks(run), chunk.Key], content.Slice(chunk.Offset, chunk.Length));
                calls.Metrics.Wrote("checkpoint", chunk.Length);
            }
        }
    }

    /// <summary>Makes it a checkpoint; false where not all of it is there (any more).</summary>
    private async Task<bool> Publish(string run, long epoch, string at, Manifest manifest)
    {
        var chunks = CheckpointChunk.Of(keys.Checkpoint(run, at), manifest).ToList();
        var answer = await CheckpointScripts.Publish.Run(
            calls, keys, run, epoch,
            [keys.Checkpoints(run), .. chunks.Select(c => c.Key)],
            [at, manifest.Write(), .. chunks.Select(c => (RedisValue)c.Length)]);
        return (int)answer == 1;
    }

    /// <summary>
    /// Deletes chunks that belong to no checkpoint. Those of a manifest that cannot be read stay: it may be of a later
    /// version of this program.
    /// </summary>
    private async Task Sweep(string run, long epoch)
    {
        var named = new HashSet<string>();
        var unreadable = new List<string>();
        foreach (var placed in await _stored.Find(run))
        {
            var prefix = keys.Checkpoint(run, placed.At);
            if (placed.Manifest is null)
            {
                unreadable.Add(prefix);
            }
            else
            {
                named.UnionWith(CheckpointChunk.Of(prefix, placed.Manifest).Select(c => c.Key.ToString()));
            }
        }

        var there = await calls.Read(db => db.SetMembersAsync(keys.Chunks(run)));
        var left = there.Select(c => c.ToString())
            .Where(c => !named.Contains(c) && !unreadable.Exists(p => c.StartsWith(p, StringComparison.Ordinal)));
        foreach (var some in left.Chunk(KeysAtOnce))
        {
            await CheckpointScripts.Drop.Run(
                calls, keys, run, epoch, [keys.Chunks(run), .. some.Select(c => (RedisKey)c)]);
        }
    }
}
