using System.Runtime.InteropServices;
using Ebm.Contracts.Chains;
using Ebm.Core.Learning;
using Ebm.Core;

namespace Ebm.Grains.Stores;

/// <summary>
/// One shard's log file. Each entry is a <see cref="ShardLogEntry"/>: the first holds all slots, each later one the slots
/// that a round wrote. An entry at the end that is cut short or does not match its checksum was never committed.
/// </summary>
internal sealed class ShardLog(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private FileStream? _file;
    private byte[]? _slots;

    /// <summary>The last entry, without its slots; null where the shard has none.</summary>
    public LastEntry? Last { get; private set; }

    /// <summary>Bytes in the file.</summary>
    public long Length => _file?.Length ?? 0;

    /// <summary>The shard as of the last entry; the slots are a copy.</summary>
    public ShardRecord? Read()
    {
        lock (_gate)
        {
            Open();
            return Last is { } last
                ? new ShardRecord(last.Epoch, last.Attempt, last.Round, last.Version, [.. _slots!], last.Figures)
                : null;
        }
    }

    /// <summary>Adds a round.</summary>
    public void Append(ShardCommit commit)
    {
        lock (_gate)
        {
            Open();
            var slots = _slots ?? throw new InvalidOperationException($"{path} has no slots to change.");
            Write(ShardLogEntry.Encode(commit));
            Apply(slots, commit.Slots, commit.States);
            Last = new LastEntry(commit.Epoch, commit.Attempt, commit.Round, commit.Version, commit.Figures, slots.Length);
        }
    }

    /// <summary>Starts the file anew with all slots.</summary>
    public void Rewrite(ShardRecord record)
    {
        lock (_gate)
        {
            _file?.Dispose();
            _file = null;
            AtomicFile.Write(path, ShardLogEntry.Encode(record));
            _slots = null;
            Last = null;
            Open();
        }
    }

    public void Dispose() => _file?.Dispose();

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
        var at = 0;
        while (ShardLogEntry.TryDecode(image.AsSpan(at), out var entry))
        {
            if (entry.Slots.IsEmpty)
            {
                _slots = entry.States.ToArray();
            }
            else
            {
                Apply(_slots!, MemoryMarshal.Cast<byte, int>(entry.Slots), entry.States);
            }

            Last = new LastEntry(entry.Epoch, entry.Attempt, entry.Round, entry.Version, entry.Figures, _slots!.Length);
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
            TryCut(start);
            throw AtomicFile.Failed(path, e);
        }
    }

    /// <summary>Takes back a half-written entry; a reader would drop it too, but an entry after it would be lost.</summary>
    private void TryCut(long length)
    {
        try
        {
            _file!.SetLength(length);
            _file.Seek(length, SeekOrigin.Begin);
        }
        catch (IOException e)
        {
            throw new EbmException($"{path} cannot be cut back after a failed write: {e.Message}", e);
        }
    }

    internal sealed record LastEntry(
        long Epoch, int Attempt, long Round, long Version, ChainFigures Figures, int SlotBytes);
}
