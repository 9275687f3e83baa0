using Ebm.Core.Randomness;

namespace Ebm.Core.Datasets;

/// <summary>
/// The draws of one row, one after the other: a function of key, row and how many were made before. Counter: (block,
/// row, 0, 0).
/// </summary>
internal struct RowDraws(RandomKey key, uint row)
{
    private const int WordsPerBlock = 4;

    private uint _block;
    private PhiloxWords _words;
    private int _used = WordsPerBlock;

    /// <summary>32 random bits.</summary>
    public uint Bits()
    {
        if (_used == WordsPerBlock)
        {
            _words = Philox.Words(key, _block++, row, 0, 0);
            _used = 0;
        }

        return _words[_used++];
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
}
