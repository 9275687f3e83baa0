using System.Runtime.InteropServices;

namespace Ebm.Grains.Stores.Redis;

/// <summary>The slots that a round wrote, as the fewest stretches of a shard's record.</summary>
/// <param name="Places">Offset and length of each, 4 bytes each.</param>
/// <param name="Content">The stretches, one after the other.</param>
/// <param name="SlotBytes">Bytes that a slot takes.</param>
internal readonly record struct SlotRanges(byte[] Places, byte[] Content, int SlotBytes)
{
    /// <summary>Of some slots; where one is named twice, the later state counts.</summary>
    public static SlotRanges Of(ReadOnlySpan<int> slots, ReadOnlySpan<byte> states)
    {
        var bytes = slots.IsEmpty ? 0 : states.Length / slots.Length;
        var stride = bytes + ShardImage.SlotChecksum;
        var sorted = slots.ToArray();
        var order = Enumerable.Range(0, sorted.Length).OrderBy(i => sorted[i]).ToArray();
        var content = new byte[sorted.Length * stride];
        var places = new List<uint>();
        for (var i = 0; i < order.Length; i++)
        {
            var slot = sorted[order[i]];
            ShardImage.WriteSlot(content.AsSpan(i * stride), slot, states.Slice(order[i] * bytes, bytes));
            if (i > 0 && slot == sorted[order[i - 1]] + 1)
            {
                places[^1] += (uint)stride;
            }
            else
            {
                places.AddRange((uint)(ShardImage.Start + (long)slot * stride), (uint)stride);
            }
        }

        return new SlotRanges(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(places)).ToArray(), content, stride);
    }
}
