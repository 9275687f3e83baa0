using System.IO.Hashing;
using System.Runtime.InteropServices;
using Ebm.Contracts.Chains;
using Ebm.Core;

namespace Ebm.Grains.Stores.Redis;

/// <summary>
/// The bytes of a shard's record: form (a magic number, how many slots, bytes of a state, their checksum), then
/// <see cref="ShardHeader"/> and its checksum, then the slots in place, each with a checksum of its own. Checksums take
/// in the shard and the slot's number, so what lies in the wrong place is noticed as well.
/// </summary>
internal static class ShardImage
{
    /// <summary>Bytes before the first slot.</summary>
    public const int Start = FormBytes + HeaderBytes;

    /// <summary>Where the part that commits replace begins, and how long it is.</summary>
    public const int FormBytes = 16, HeaderBytes = ShardHeader.Bytes + sizeof(ulong);

    /// <summary>Bytes that a slot takes beyond its state.</summary>
    public const int SlotChecksum = sizeof(uint);

    private const uint Magic = 0x32524245; // "EBR2"

    /// <summary>A whole record.</summary>
    public static byte[] Encode(ShardKey shard, ShardHeader header, ReadOnlySpan<byte> slots, int bytesPerState)
    {
        var count = slots.Length / bytesPerState;
        if (Start + (long)count * (bytesPerState + SlotChecksum) > 512 << 20)
        {
            throw new EbmException($"the slots of shard {shard} take {slots.Length} bytes, and "
                + "Redis holds at most 512 MiB in one value: spread the run's chains over more shards.");
        }

        var image = new byte[Start + count * (bytesPerState + SlotChecksum)];
        MemoryMarshal.Write(image, Magic);
        MemoryMarshal.Write(image.AsSpan(4), count);
        MemoryMarshal.Write(image.AsSpan(8), bytesPerState);
        MemoryMarshal.Write(image.AsSpan(12), XxHash32.HashToUInt32(image.AsSpan(0, 12), shard.Shard));
        Encode(shard, header).CopyTo(image.AsSpan(FormBytes));
        for (var slot = 0; slot < count; slot++)
        {
            WriteSlot(image.AsSpan(Start + slot * (bytesPerState + SlotChecksum)), slot,
                slots.Slice(slot * bytesPerState, bytesPerState));
        }

        return image;
    }

    /// <summary>The part that commits replace.</summary>
    public static byte[] Encode(ShardKey shard, ShardHeader header)
    {
        var part = new byte[HeaderBytes];
        MemoryMarshal.Write(part, header);
        MemoryMarshal.Write(part.AsSpan(ShardHeader.Bytes), Checksum(shard, part));
        return part;
    }

    /// <summary>One slot as it lies in the record.</summary>
    public static void WriteSlot(Span<byte> place, int slot, ReadOnlySpan<byte> state)
    {
        state.CopyTo(place);
        MemoryMarshal.Write(place[state.Length..], XxHash32.HashToUInt32(state, slot));
    }

    /// <summary>A record, with every checksum verified.</summary>
    /// <exception cref="CorruptRecordException">One does not fit; the message names run, shard and slot.</exception>
    public static ShardRecord Decode(ShardKey shard, ReadOnlySpan<byte> image, string what)
    {
        var (count, bytesPerState, header) = DecodeStart(shard, image, what);
        var stride = bytesPerState + SlotChecksum;
        if (image.Length != Start + (long)count * stride)
        {
            throw DescribeCorruption(
                shard, what, $"it has {image.Length} bytes; expected {count} slots of {bytesPerState}");
        }

        var slots = new byte[count * bytesPerState];
        for (var slot = 0; slot < count; slot++)
        {
            var place = image.Slice(Start + slot * stride, stride);
            var state = place[..bytesPerState];
            if (MemoryMarshal.Read<uint>(place[bytesPerState..]) != XxHash32.HashToUInt32(state, slot))
            {
                throw DescribeCorruption(shard, what, $"slot {slot} does not have its checksum");
            }

            state.CopyTo(slots.AsSpan(slot * bytesPerState));
        }

        return new ShardRecord(header.Position, header.Version, header.Figures, slots);
    }

    /// <summary>What comes before the slots, verified.</summary>
    /// <exception cref="CorruptRecordException">A checksum does not fit.</exception>
    public static (int Slots, int BytesPerState, ShardHeader Header) DecodeStart(
        ShardKey shard, ReadOnlySpan<byte> image, string what)
    {
        if (image.Length < Start
            || MemoryMarshal.Read<uint>(image) != Magic
            || MemoryMarshal.Read<uint>(image[12..]) != XxHash32.HashToUInt32(image[..12], shard.Shard))
        {
            throw DescribeCorruption(shard, what, "it does not begin as a record of this shard");
        }

        return (MemoryMarshal.Read<int>(image[4..]), MemoryMarshal.Read<int>(image[8..]),
            DecodeHeader(shard, image.Slice(FormBytes, HeaderBytes), what));
    }

    /// <summary>The part that commits replace, verified.</summary>
    /// <exception cref="CorruptRecordException">Its checksum does not fit.</exception>
    public static ShardHeader DecodeHeader(ShardKey shard, ReadOnlySpan<byte> part, string what) =>
        part.Length == HeaderBytes && MemoryMarshal.Read<ulong>(part[ShardHeader.Bytes..]) == Checksum(shard, part)
            ? MemoryMarshal.Read<ShardHeader>(part)
            : throw DescribeCorruption(shard, what, "its header does not have its checksum");

    /// <summary>The error of a corrupt record.</summary>
    public static CorruptRecordException DescribeCorruption(ShardKey shard, string what, string how) =>
        new($"{what} of shard {shard.Shard} of run '{shard.Run}' in Redis is spoilt: {how}.");

    private static ulong Checksum(ShardKey shard, ReadOnlySpan<byte> part) =>
        XxHash3.HashToUInt64(part[..ShardHeader.Bytes], shard.Shard);
}
