using Ebm.Core.Plans;
using Ebm.Core.Replay;

namespace Ebm.Core.Learning;

/// <summary>The chains of a shard and the bytes of its replay slots.</summary>
/// <param name="shard">The shard.</param>
/// <param name="stateBytes">Bytes of an encoded chain.</param>
internal sealed class ShardChains(ShardPlan shard, int stateBytes)
{
    /// <summary>The encoded states of the slots of a draw, in its order.</summary>
    public byte[] Gather(byte[] slots, SlotDraw draw)
    {
        var states = new byte[draw.Slots.Length * stateBytes];
        for (var i = 0; i < draw.Slots.Length; i++)
        {
            slots.AsSpan(draw.Slots[i] * stateBytes, stateBytes).CopyTo(states.AsSpan(i * stateBytes));
        }

        return states;
    }

    /// <summary>Writes the states into the slots of a draw.</summary>
    public void Scatter(byte[] states, SlotDraw draw, byte[] slots)
    {
        for (var i = 0; i < draw.Slots.Length; i++)
        {
            states.AsSpan(i * stateBytes, stateBytes).CopyTo(slots.AsSpan(draw.Slots[i] * stateBytes));
        }
    }

    /// <summary>The initial states of one block of a round.</summary>
    /// <param name="block">Index of the block in the shard.</param>
    /// <param name="starts">The drawn slots' states; empty if chains do not persist.</param>
    /// <param name="draw">The drawn slots.</param>
    /// <param name="batch">Training rows that chains start at; empty if they start elsewhere.</param>
    /// <param name="classes">Class of each chain of the shard; empty for an energy without classes.</param>
    public BlockStart Prepare(int block, byte[] starts, SlotDraw draw, long[] batch, int[] classes)
    {
        var (first, count) = RowBlocks.At(block, shard.Chains);
        var chain = shard.FirstChain + first;
        return new BlockStart((uint)chain, count)
        {
            Slots = starts.Length == 0 ? [] : starts.AsSpan(first * stateBytes, count * stateBytes).ToArray(),
            Restart = draw.Restart.Length == 0 ? [] : draw.Restart[first..(first + count)],
            Classes = classes.Length == 0 ? [] : classes[first..(first + count)],
            BatchRows = batch.Length == 0
                ? []
                : [.. Enumerable.Range(chain, count).Select(i => batch[i % batch.Length])],
        };
    }
}
