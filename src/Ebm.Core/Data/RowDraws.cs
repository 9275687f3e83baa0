using Ebm.Core.Randomness;

namespace Ebm.Core.Data;

/// <summary>
/// The draws of one row, one after the other: a function of key, row and how many were made before. Philox4x32-10
/// (Salmon, Moraes, Dror, Shaw 2011) with the counter (block, row, 0, 0).
/// </summary>
internal struct RowDraws(RandomKey key, uint row)
{
    private uint _block;
    private UInt128 _words;
    private int _left;

    /// <summary>32 random bits.</summary>
    public uint Bits()
    {
        if (_left == 0)
        {
            _words = Philox(key.Value, _block++, row);
            _left = 4;
        }

        var word = (uint)_words;
        _words >>= 32;
        _left--;
        return word;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double Uniform() => (Bits64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 to <paramref name="bound"/> - 1, with a bias below bound / 2^64.</summary>
    public int Below(int bound) => (int)Math.BigMul(Bits64(), (ulong)bound, out _);

    /// <summary>Standard normal (Box and Muller 1958, the cosine alone).</summary>
    public double Normal()
    {
        var radius = Math.Sqrt(-2 * Math.Log(1 - Uniform()));
        return radius * Math.Cos(Math.Tau * Uniform());
    }

    private ulong Bits64() => Bits() | ((ulong)Bits() << 32);

    /// <summary>The ten rounds; the first word is the lowest.</summary>
    internal static UInt128 Philox(ulong key, uint c0, uint c1, uint c2 = 0, uint c3 = 0)
    {
        var (k0, k1) = ((uint)key, (uint)(key >> 32));
        for (var round = 0; round < 10; round++)
        {
            var even = 0xD2511F53UL * c0;
            var odd = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(odd >> 32) ^ c1 ^ k0, (uint)odd, (uint)(even >> 32) ^ c3 ^ k1, (uint)even);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return new UInt128(((ulong)c3 << 32) | c2, ((ulong)c1 << 32) | c0);
    }
}
