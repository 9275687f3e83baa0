using System.Runtime.InteropServices;
using Ebm.Core.Rounds;

namespace Ebm.Grains.Stores;

/// <summary>
/// One shard's log file. Each entry is a <see cref="ShardLogEntry"/>: the first holds all slots, each later one the
/// slots that a round wrote. An entry at the end that is cut short or does not match its checksum was never committed.
/// </summary>
internal sealed class ShardLog(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _file;
    private ShardRecord? _record;

    /// <summary>The shard as of the last entry; the slots are a copy.</summary>
    public ShardRecord? Read()
    {
        lock (_gate)
        {
            Open();
            return _record is { } record ? record with { Slots = [.. record.Slots] } : null;
        }
    }

    /// <summary>Adds a round, if it is the next one.</summary>
    public WriteVerdict Append(ShardCommit commit)
    {
        lock (_gate)
        {
            Open();
            var verdict = ShardFence.Commit(_record?.Position ?? ShardPosition.Unwritten, commit.Order);
            if (verdict == WriteVerdict.Accepted)
            {
                Write(ShardLogEntry.Encode(commit));
                Apply(_record!.Slots, commit.Slots, commit.States);
                _record = new ShardRecord(
                    ShardFence.After(commit.Order), commit.Order.Version, commit.Figures, _record.Slots);
            }

            return verdict;
        }
    }

    /// <summary>Starts the file anew with the slots of a checkpoint.</summary>
    public WriteVerdict Rewind(RewindOrder order, byte[] slots)
    {
        lock (_gate)
        {
            Open();
            var verdict = ShardFence.Rewind(_record?.Position ?? ShardPosition.Unwritten, order);
            if (verdict == WriteVerdict.Accepted)
            {
                Rewrite(new ShardRecord(ShardFence.After(order), order.Round, default, slots));
            }

            return verdict;
        }
    }

    /// <summary>Starts the file anew once its rounds take so many times the space of the slots.</summary>
    public void RewriteIfLong(int times)
    {
        lock (_gate)
        {
            if (_record is { } record && _file!.Length > (1 << 20) + times * (long)record.Slots.Length)
            {
                Rewrite(record);
            }
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Rewrite(ShardRecord record)
    {
        _file?.Dispose();
        _file = null;
        AtomicFile.Write(path, ShardLogEntry.Encode(record));
        Open();
    }

    private void Open()
    {
        if (_file is not null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var image = new byte[_file.Length];
            _file.ReadExactly(image);
            _file.SetLength(Replay(image));
            _file.Seek(0, SeekOrigin.End);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Failed(path, e);
        }
    }

    /// <summary>Applies the entries of a file's image; returns how many of its bytes were committed.</summary>
    private int Replay(byte[] image)
    {
        _record = null;
        var at = 0;
        while (ShardLogEntry.TryDecode(image.AsSpan(at), out var entry) && (_record is not null || entry.Slots.IsEmpty))
        {
            var slots = _record?.Slots ?? entry.States.ToArray();
            if (!entry.Slots.IsEmpty)
            {
                Apply(slots, MemoryMarshal.Cast<byte, int>(entry.Slots), entry.States);
            }

            _record = new ShardRecord(entry.Position, entry.Version, entry.Figures, slots);
            at += entry.Length;
        }

        return at;
    }

    private static void Apply(byte[] slots, ReadOnlySpan<int> indices, ReadOnlySpan<byte> states)
    {
        var size = states.Length / indices.Length;
        for (var i = 0; i < indices.Length; i++)
        {
            states.Slice(i * size, size).CopyTo(slots.AsSpan(indices[i] * size));
        }
    }

    private void Write(byte[] entry)
    {
        var start = _file!.Position;
        try
        {
            _file.Write(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A reader would drop the half-written entry, but an entry after it would be lost with it.
            _file.SetLength(start);
            _file.Seek(start, SeekOrigin.Begin);
            throw AtomicFile.Failed(path, e);
        }
    }
}
