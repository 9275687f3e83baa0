namespace Ebm.Core.Randomness;

/// <summary>
/// Keyed random scalars on the host, for decisions (orders, splits, slots). The value at an index is a function of
/// (key, stream, substream, index), independent of earlier calls.
/// </summary>
/// <param name="Key">The stream's key.</param>
/// <param name="Stream">Stream within the key, for example a shard.</param>
/// <param name="Substream">Stream within the stream.</param>
public readonly record struct KeyedRandom(RandomKey Key, uint Stream = 0, uint Substream = 0)
{
    /// <summary>32 random bits.</summary>
    public uint UInt32(uint index) => Words(index).W0;

    /// <summary>64 random bits.</summary>
    public ulong UInt64(uint index)
    {
        var words = Words(index);
        return words.W0 | (ulong)words.W1 << 32;
    }

    /// <summary>Uniform on the 2^53 multiples of 2^-53 in [0, 1).</summary>
    public double Double(uint index) => (UInt64(index) >> 11) * (1.0 / (1ul << 53));

    /// <summary>
    /// Uniform on 0 to <paramref name="bound"/> - 1, exactly: words that would bias the result are rejected (Lemire,
    /// "Fast random integer generation in an interval", 2019).
    /// </summary>
    public int Below(int bound, uint index)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var unfair = (uint)((1ul << 32) % (uint)bound);
        for (var attempt = 0u; ; attempt++)
        {
            var words = Words(index, attempt);
            for (var i = 0; i < 4; i++)
            {
                var product = words[i] * (ulong)(uint)bound;
                if ((uint)product >= unfair)
                {
                    return (int)(product >> 32);
                }
            }
        }
    }

    /// <summary>
    /// A permutation of 0 to <paramref name="count"/> - 1; all are equally probable (Fisher and Yates).
    /// </summary>
    public static int[] Permutation(RandomKey key, int count, uint stream = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new KeyedRandom(key, stream);
        var order = new int[count];
        for (var i = 0; i < count; i++)
        {
            order[i] = i;
        }

        for (var i = 0; i < count; i++)
        {
            var j = i + random.Below(count - i, (uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    /// <summary>
    /// The first <paramref name="count"/> entries of <see cref="Permutation"/>: distinct values, every ordered choice
    /// equally probable. Needs memory for <paramref name="count"/> entries only: it keeps the moved entries of the
    /// shuffled list.
    /// </summary>
    public static int[] SampleWithoutReplacement(RandomKey key, uint stream, int population, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, population);
        var random = new KeyedRandom(key, stream);
        var moved = new Dictionary<int, int>(count);
        var sample = new int[count];
        for (var i = 0; i < count; i++)
        {
            var j = i + random.Below(population - i, (uint)i);
            sample[i] = moved.GetValueOrDefault(j, j);
            moved[j] = moved.GetValueOrDefault(i, i);
        }

        return sample;
    }

    private PhiloxWords Words(uint index, uint attempt = 0) =>
        Philox.Words(Key, index, attempt, Stream, Substream);
}
