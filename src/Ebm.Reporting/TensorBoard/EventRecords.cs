using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Ebm.Reporting.TensorBoard.Protocol;
using Google.Protobuf;

namespace Ebm.Reporting.TensorBoard;

/// <summary>
/// Events as TFRecords: the length (8 bytes, little-endian), the length's checksum (4), the event, the event's checksum
/// (4). A checksum is the CRC-32C, rotated and shifted so that the checksum of a text with its own checksum in it says
/// something.
/// </summary>
internal static class EventRecords
{
    private const int Before = 12, After = 4;

    /// <summary>Appends an event.</summary>
    public static void Append(IBufferWriter<byte> records, Event e)
    {
        var length = e.CalculateSize();
        var record = records.GetSpan(Before + length + After)[..(Before + length + After)];
        var data = record.Slice(Before, length);
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Checksum(record[..8]));
        e.WriteTo(data);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(Before + length)..], Checksum(data));
        records.Advance(record.Length);
    }

    /// <summary>CRC-32C (Castagnoli).</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            crc = BitOperations.Crc32C(crc, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            crc = BitOperations.Crc32C(crc, rest);
        }

        return ~crc;
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes) => BitOperations.RotateRight(Crc32C(bytes), 15) + 0xA282EAD8;
}
