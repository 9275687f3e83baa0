namespace Ebm.Core.Randomness;

/// <summary>
/// Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
/// 1, 2, 3" (SC 2011): ten rounds turn a 128-bit counter and a 64-bit key into four words of 32 random bits.
/// </summary>
/// <remarks>
/// Layout of a noise tensor: the value of column j of chain c at (step, draw) uses word (j / 16) % 4 of the counter ((j
/// / 64) * 16 + j % 16, c, step, draw). So 16 counters cover 64 neighbouring columns, and a row's noise does not depend
/// on other rows, on the tensor's width, or on the width of the processor's vectors.
/// </remarks>
internal static class Philox
{
    /// <summary>Number of rounds: the paper's choice, with a margin over the seven that pass BigCrush.</summary>
    internal const int Rounds = 10;

    /// <summary>Multiplier of counter word 0.</summary>
    internal const uint Multiplier0 = 0xD2511F53;

    /// <summary>Multiplier of counter word 2.</summary>
    internal const uint Multiplier1 = 0xCD9E8D57;

    /// <summary>Increment of the low half of the key per round (the golden ratio).</summary>
    internal const uint Weyl0 = 0x9E3779B9;

    /// <summary>Increment of the high half of the key per round (sqrt(3) - 1).</summary>
    internal const uint Weyl1 = 0xBB67AE85;

    /// <summary>The four words of one counter. The vector kernels compute the same words.</summary>
    public static PhiloxWords Words(RandomKey key, uint counter0, uint counter1, uint counter2, uint counter3)
    {
        var (x0, x1, x2, x3) = (counter0, counter1, counter2, counter3);
        var (k0, k1) = ((uint)key.Value, (uint)(key.Value >> 32));
        for (var round = 0; round < Rounds; round++)
        {
            var (p, q) = ((ulong)x0 * Multiplier0, (ulong)x2 * Multiplier1);
            (x0, x1, x2, x3) = ((uint)(q >> 32) ^ x1 ^ k0, (uint)q, (uint)(p >> 32) ^ x3 ^ k1, (uint)p);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return new PhiloxWords(x0, x1, x2, x3);
    }

    /// <summary>
    /// The word for column <paramref name="column"/> of row <paramref name="row"/> of a noise tensor.
    /// </summary>
    public static uint Word(NoiseSite site, int row, int column) =>
        Words(site.Key, (uint)(column / 64 * 16 + column % 16), site.FirstChain + (uint)row, site.Step, site.Draw)
            [column / 16 % 4];
}

/// <summary>Output of Philox for one counter: four words of 32 random bits.</summary>
internal readonly record struct PhiloxWords(uint W0, uint W1, uint W2, uint W3)
{
    /// <summary>Word 0 to 3.</summary>
    public uint this[int index] => index switch
    {
        0 => W0,
        1 => W1,
        2 => W2,
        3 => W3,
        _ => throw new ArgumentOutOfRangeException(nameof(index), index, "Expected a word index from 0 to 3."),
    };
}
