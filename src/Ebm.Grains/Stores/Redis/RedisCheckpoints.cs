using System.Globalization;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Devices;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// Reads the checkpoints of runs in Redis, and verifies them: a manifest in a hash, its files in chunks. Digests are
/// computed on a lane, never in a grain's turn.
/// </summary>
internal sealed class RedisCheckpoints(RedisCalls calls, RedisKeys keys, DeviceLanes lanes)
{
    /// <summary>
    /// What the hash of a run has, newest (by attempt, then round) first; no manifest where it cannot be read.
    /// </summary>
    public async Task<IReadOnlyList<PlacedManifest>> Find(string run)
    {
        var entries = await calls.Read(db => db.HashGetAllAsync(keys.Checkpoints(run)));
        return [.. entries
            .Select(e => (Name: e.Name.ToString(), e.Value, Order: OrderOf(e.Name.ToString())))
            .Where(e => e.Order is not null)
            .OrderByDescending(e => e.Order)
            .Select(e => Parse(run, e.Name, e.Value, e.Order!.Value))];
    }

    /// <summary>The checkpoint, verified.</summary>
    /// <exception cref="InputException">It is torn or altered.</exception>
    public async Task<Checkpoint> Open(string run, PlacedManifest placed)
    {
        var place = PlaceOf(run, placed.At);
        var manifest = placed.Manifest ?? throw new InputException(placed.Problem!);
        var files = CheckpointImage.FilesOf(manifest, place);
        var contents = new List<byte[]>();
        foreach (var file in files)
        {
            contents.Add(await Fetch(run, placed.At, file));
        }

        return await lanes.Run(run, _ => new CheckpointImage(
            manifest,
            [.. files.Zip(contents, (file, content) => (ReadOnlyMemory<byte>)CheckpointImage.Verified(
                file, content, place))])
            .Open(place));
    }

    /// <summary>One file of it, verified.</summary>
    /// <exception cref="InputException">It is torn or altered.</exception>
    public async Task<byte[]> OpenSlots(string run, PlacedManifest placed, int shard)
    {
        var place = PlaceOf(run, placed.At);
        var manifest = placed.Manifest ?? throw new InputException(placed.Problem!);
        var file = CheckpointImage.SlotsOf(manifest, shard, place);
        var content = await Fetch(run, placed.At, file);
        return await lanes.Run(run, _ => CheckpointImage.Verified(file, content, place));
    }

    /// <summary>Whether it is whole.</summary>
    public async Task<bool> IsComplete(string run, PlacedManifest placed)
    {
        try
        {
            await Open(run, placed);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>A checkpoint's place, for messages.</summary>
    public string PlaceOf(string run, string at) => $"Redis, {keys.Checkpoint(run, at)[..^1]}";

    private async Task<byte[]> Fetch(string run, string at, ManifestFile file)
    {
        var chunks = new List<(CheckpointChunk, byte[]?)>();
        foreach (var chunk in CheckpointChunk.Of(keys.Checkpoint(run, at), file))
        {
            byte[]? bytes = await calls.Read(db => db.StringGetAsync(chunk.Key));
            calls.Metrics.Read("checkpoint", bytes?.Length ?? 0);
            chunks.Add((chunk, bytes));
        }

        return CheckpointChunk.Join(file, chunks, PlaceOf(run, at));
    }

    private PlacedManifest Parse(string run, string at, RedisValue bytes, (int Attempt, long Round) order)
    {
        try
        {
            return new PlacedManifest(
                at, order.Attempt, order.Round,
                Manifest.Parse((byte[])bytes!, PlaceOf(run, at) + "/" + Manifest.FileName), null);
        }
        catch (InputException e)
        {
            return new PlacedManifest(at, order.Attempt, order.Round, null, e.Message);
        }
    }

    private static (int Attempt, long Round)? OrderOf(string at)
    {
        var parts = at.Split('-');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var attempt)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var round)
                ? (attempt, round)
                : null;
    }
}

/// <summary>A manifest at its place, or its defect.</summary>
internal sealed record PlacedManifest(string At, int Attempt, long Round, Manifest? Manifest, string? Problem);
