using System.Globalization;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;

namespace Ebm.RunFolders.Checkpoints;

/// <summary>
/// The checkpoints of a run in files: <c>&lt;round&gt;/</c>, or <c>&lt;round&gt;.attempt-&lt;n&gt;/</c> after a
/// rollback. A checkpoint is written beside its place, flushed, and moved there in one step, so one that can be found
/// was whole. One writer at a time, which the lock on the run's directory sees to; or, where the directory is shared,
/// one of higher
/// <paramref name="epoch"/> than all before, whose unfinished work an older one leaves alone.
/// </summary>
internal sealed class CheckpointDirectory(string path, long epoch = 0)
{
    private const string Partial = ".partial-", Attempt = ".attempt-";

    /// <summary>
    /// Stores a checkpoint. One that is stored already (the round was repeated after a failure) is left as it is, but
    /// for being scheduled, which is kept once it was said.
    /// </summary>
    /// <exception cref="EbmException">The disk does not take it; earlier checkpoints are as they were.</exception>
    public Manifest Write(Checkpoint checkpoint) => Publish(Prepare(checkpoint));

    /// <summary>
    /// The first half of <see cref="Write"/>: all files are on the disk, but nothing can be found that could not be
    /// before.
    /// </summary>
    /// <exception cref="EbmException">The disk does not take it; earlier checkpoints are as they were.</exception>
    public CheckpointDraft Prepare(Checkpoint checkpoint)
    {
        var place = Path.Combine(path, NameOf(checkpoint.Attempt, checkpoint.Round));
        return Attempted(place, checkpoint.Round, () =>
        {
            Directory.CreateDirectory(path);
            RemovePartial();
            if (Stored(place, checkpoint) is { } stored)
            {
                return new CheckpointDraft(place, null, stored);
            }

            var partial = Directory.CreateDirectory(FreePartial(place)).FullName;
            return new CheckpointDraft(place, partial, CheckpointFiles.Write(partial, checkpoint));
        });
    }

    /// <summary>The second half: the checkpoint can be found.</summary>
    /// <exception cref="EbmException">The disk does not take it; earlier checkpoints are as they were.</exception>
    public Manifest Publish(CheckpointDraft draft) => Attempted(draft.Place, draft.Manifest.Round, () =>
    {
        if (draft.Partial is not { } partial)
        {
            MarkScheduled(draft);
            return draft.Manifest;
        }

        if (Directory.Exists(draft.Place))
        {
            // It is torn, or of other hardware: not a checkpoint to go back to.
            Directory.Move(draft.Place, FreePartial(draft.Place));
        }

        Directory.Move(partial, draft.Place);
        DurableFiles.SyncDirectory(path);
        RemovePartial();
        return draft.Manifest;
    });

    /// <summary>
    /// Manifests of all checkpoints, the newest (by attempt, then round) first; unreadable ones are left out.
    /// </summary>
    public IReadOnlyList<Manifest> List() => [.. Find().Select(f => f.Manifest).OfType<Manifest>()];

    /// <summary>One checkpoint, verified; of an attempt, or of the newest one that has the round.</summary>
    /// <exception cref="InputException">There is none, or it is torn or altered.</exception>
    public Checkpoint Read(long round, int? attempt = null)
    {
        var found = Find().Select(f => f.Directory)
            .FirstOrDefault(d => OrderOf(Path.GetFileName(d)) is { } order && order.Round == round
                && order.Attempt == (attempt ?? order.Attempt))
            ?? throw new InputException($"{path} has no checkpoint of round {round}.");
        return CheckpointFiles.Read(found);
    }

    /// <summary>The replay slots of one shard, verified.</summary>
    /// <exception cref="InputException">There is no such checkpoint or shard in it, or its slots are
    /// altered.</exception>
    public byte[] ReadSlots(int attempt, long round, int shard) =>
        CheckpointFiles.ReadSlots(Path.Combine(path, NameOf(attempt, round)), shard);

    /// <summary>
    /// The newest checkpoint that is whole (by attempt, then round) and fits <paramref name="where"/>; null if there is
    /// none. <paramref name="refused"/> receives the reason of each refusal.
    /// </summary>
    public Checkpoint? Latest(Func<Manifest, bool>? where = null, Action<string>? refused = null)
    {
        foreach (var (directory, manifest) in Find())
        {
            if (manifest is not null && where?.Invoke(manifest) == false)
            {
                continue;
            }

            try
            {
                return CheckpointFiles.Read(directory);
            }
            catch (InputException e)
            {
                refused?.Invoke(e.Message);
            }
        }

        return null;
    }

    /// <summary>Deletes the old checkpoints that <see cref="CheckpointRetention"/> does not keep.</summary>
    /// <exception cref="EbmException">One cannot be deleted.</exception>
    public void Prune(int keep, RollbackPoints points)
    {
        var retention = new CheckpointRetention(keep, points);
        foreach (var (directory, manifest) in Find())
        {
            if (retention.Drops(manifest))
            {
                Remove(directory);
            }
            else
            {
                retention.Keep(manifest, retention.AsksWhetherWhole && IsWhole(directory));
            }
        }
    }

    /// <summary>Deletes every checkpoint that is newer (by attempt, then round) than one, and that one.</summary>
    /// <exception cref="EbmException">One cannot be deleted.</exception>
    public void Forget(int attempt, long round)
    {
        foreach (var (directory, _) in Find().ToArray())
        {
            if (OrderOf(Path.GetFileName(directory)) is { } order && order.CompareTo((attempt, round)) >= 0)
            {
                Remove(directory);
            }
        }
    }

    /// <summary>Deletes the manifest first, so a half deleted folder is not a checkpoint.</summary>
    private void Remove(string directory)
    {
        try
        {
            File.Delete(Path.Combine(directory, Manifest.FileName));
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException($"An old checkpoint in {path} cannot be deleted: {e.Message}", e);
        }
    }

    private static T Attempted<T>(string place, long round, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EbmException(
                $"The checkpoint of round {round} cannot be written to {place}: {e.Message} "
                + "Earlier checkpoints are as they were; make room or allow writing there, and resume the run.", e);
        }
    }

    /// <summary>Its manifest, scheduled if either says so, if exactly this state is stored whole.</summary>
    private static Manifest? Stored(string place, Checkpoint checkpoint)
    {
        var file = Path.Combine(place, Manifest.FileName);
        if (!File.Exists(file) || !IsWhole(place))
        {
            return null;
        }

        var manifest = Manifest.Read(file);
        return manifest.StateSha256 == StateDigest.OfState(checkpoint) && manifest.Numerics == checkpoint.Numerics
            ? manifest with { Scheduled = manifest.Scheduled || checkpoint.Scheduled }
            : null;
    }

    private static void MarkScheduled(CheckpointDraft draft)
    {
        var file = Path.Combine(draft.Place, Manifest.FileName);
        if (draft.Manifest.Scheduled && !Manifest.Read(file).Scheduled)
        {
            DurableFiles.Replace(file, draft.Manifest.Write());
        }
    }

    private static bool IsWhole(string directory)
    {
        try
        {
            CheckpointFiles.Read(directory);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    /// <summary>Directories in their places, newest first, with their manifests where they can be read.</summary>
    private IEnumerable<(string Directory, Manifest? Manifest)> Find() => !Directory.Exists(path) ? [] :
        from directory in Directory.EnumerateDirectories(path)
        let order = OrderOf(Path.GetFileName(directory))
        where order is not null
        orderby order descending
        select (directory, TryRead(directory));

    private static Manifest? TryRead(string directory)
    {
        try
        {
            return Manifest.Read(Path.Combine(directory, Manifest.FileName));
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static string NameOf(int attempt, long round) => attempt == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{round:D8}")
        : string.Create(CultureInfo.InvariantCulture, $"{round:D8}{Attempt}{attempt}");

    private static (int Attempt, long Round)? OrderOf(string name)
    {
        var parts = name.Split(Attempt);
        var attempt = 0;
        return parts.Length <= 2 && long.TryParse(
            parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round)
            && (parts.Length == 1 || int.TryParse(
                parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out attempt))
                ? (attempt, round)
                : null;
    }

    private string FreePartial(string place) => Enumerable.Range(0, int.MaxValue)
        .Select(n => string.Create(CultureInfo.InvariantCulture, $"{place}{Partial}{epoch}-{n}"))
        .First(candidate => !Directory.Exists(candidate));

    /// <summary>Removes what this writer and earlier ones left unfinished.</summary>
    private void RemovePartial()
    {
        foreach (var left in Directory.EnumerateDirectories(path, $"*{Partial}*"))
        {
            var suffix = left[(left.LastIndexOf(Partial, StringComparison.Ordinal) + Partial.Length)..];
            if (!long.TryParse(suffix.Split('-')[0], CultureInfo.InvariantCulture, out var writer) || writer <= epoch)
            {
                Directory.Delete(left, recursive: true);
            }
        }
    }
}
