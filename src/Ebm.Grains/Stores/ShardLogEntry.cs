using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;

namespace Ebm.Grains.Stores;

/// <summary>
/// The binary form of a log entry: a fixed header with a checksum of everything after it, slot numbers (none in an
/// entry that holds all slots), states. Little-endian, as all machines that the system runs on.
/// </summary>
internal static class ShardLogEntry
{
    private const uint Magic = 0x32534245; // "EBS2"

    /// <summary>An entry that holds all slots.</summary>
    public static byte[] Encode(ShardRecord record) => Encode(
        new Header { Position = record.Position, Version = record.Version, Figures = record.Figures }, [],
        record.Slots);

    /// <summary>An entry with the changes of a round.</summary>
    public static byte[] Encode(ShardCommit commit) => Encode(
        new Header
        {
            Position = ShardFence.After(commit.Order),
            Version = commit.Order.Version,
            Figures = commit.Figures,
        },
        commit.Slots,
        commit.States);

    /// <summary>
    /// Reads the entry at the start of <paramref name="image"/>; false if there is no intact one.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> image, out Entry entry)
    {
        entry = default;
        var size = Unsafe.SizeOf<Header>();
        if (image.Length < size)
        {
            return false;
        }

        var header = MemoryMarshal.Read<Header>(image);
        var length = size + 4L * header.SlotCount + header.StateBytes;
        if (header.Magic != Magic || header.SlotCount < 0 || header.StateBytes < 0 || length > image.Length
            || header.Checksum != Checksum(image[..(int)length]))
        {
            return false;
        }

        entry = new Entry
        {
            Position = header.Position,
            Version = header.Version,
            Figures = header.Figures,
            Slots = image.Slice(size, 4 * header.SlotCount),
            States = image.Slice(size + 4 * header.SlotCount, header.StateBytes),
            Length = (int)length,
        };
        return true;
    }

    private static byte[] Encode(Header header, ReadOnlySpan<int> slots, ReadOnlySpan<byte> states)
    {
        var size = Unsafe.SizeOf<Header>();
        var entry = new byte[size + 4 * slots.Length + states.Length];
        header.Magic = Magic;
        (header.SlotCount, header.StateBytes) = (slots.Length, states.Length);
        MemoryMarshal.Write(entry, header);
        MemoryMarshal.AsBytes(slots).CopyTo(entry.AsSpan(size));
        states.CopyTo(entry.AsSpan(size + 4 * slots.Length));
        MemoryMarshal.Write(entry, Checksum(entry));
        return entry;
    }

    /// <summary>XXH3 of the entry less the checksum's own place at its start.</summary>
    private static ulong Checksum(ReadOnlySpan<byte> entry) => XxHash3.HashToUInt64(entry[sizeof(ulong)..]);

    internal ref struct Entry
    {
        public ShardPosition Position;
        public long Version;
        public ChainMetrics Figures;
        public ReadOnlySpan<byte> Slots;
        public ReadOnlySpan<byte> States;
        public int Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public ulong Checksum;
        public uint Magic;
        public int SlotCount;
        public int StateBytes;
        public long Version;
        public ShardPosition Position;
        public ChainMetrics Figures;
    }
}
