using CsCheck;
using Ebm.Core.Randomness;

namespace Ebm.Core.Tests.Randomness;

/// <summary>Statistical bounds are |z| below 5.5: a key drawn at random fails one with probability 4e-8.</summary>
public sealed class KeyedRandomTests
{
    private const double Bound = 5.5;

    [Fact]
    public void Permutation_OfAnyLength_HoldsEveryNumberOnce() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 300]).Sample((key, n) =>
            KeyedRandom.Permutation(new RandomKey(key), n).Order().SequenceEqual(Enumerable.Range(0, n)));

    [Fact]
    public void SampleWithoutReplacement_OfAnySize_IsTheBeginningOfThePermutation() =>
        Gen.Select(Gen.ULong, Gen.UInt, Gen.Int[0, 200], Gen.Int[0, 200]).Sample((key, stream, a, b) =>
        {
            var (count, population) = (Math.Min(a, b), Math.Max(a, b));
            return KeyedRandom.SampleWithoutReplacement(new RandomKey(key), stream, population, count).SequenceEqual(
                KeyedRandom.Permutation(new RandomKey(key), population, stream).Take(count));
        });

    /// <summary>
    /// Power above 0.99 if one order of the 24 is 7 % too frequent; the well-known wrong shuffle (j from all positions)
    /// has some orders 40 % too frequent.
    /// </summary>
    [Fact]
    public void Permutation_OverKeys_HasEveryOrderEquallyOften()
    {
        var counts = new int[24];
        for (var k = 0ul; k < 240_000; k++)
        {
            var p = KeyedRandom.Permutation(new RandomKey(k), 4);
            counts[6 * p[0] + 2 * p.Skip(1).Count(x => x < p[1]) + (p[2] < p[3] ? 0 : 1)]++;
        }

        Assert.InRange(Moments.ChiSquareZ(counts), -Bound, Bound);
    }

    /// <summary>
    /// With this bound a word has 8/3 values to serve each result: without rejection two results of three would be half
    /// as frequent again as the third, which 100 draws would show.
    /// </summary>
    [Fact]
    public void Below_ABoundThatDoesNotDivideTheWords_IsUnbiased()
    {
        var random = new KeyedRandom(new RandomKey(3));
        var counts = new int[3];
        for (var i = 0u; i < 100_000; i++)
        {
            counts[random.Below(3 << 29, i) % 3]++;
        }

        Assert.InRange(Moments.ChiSquareZ(counts), -Bound, Bound);
    }

    [Fact]
    public void Below_ManyDraws_AreUniform()
    {
        var random = new KeyedRandom(new RandomKey(4), Stream: 5);
        var counts = new int[100];
        for (var i = 0u; i < 200_000; i++)
        {
            counts[random.Below(100, i)]++;
        }

        Assert.InRange(Moments.ChiSquareZ(counts), -Bound, Bound);
    }

    [Fact]
    public void Double_ManyDraws_AreUniform()
    {
        var random = new KeyedRandom(new RandomKey(5));
        var values = Enumerable.Range(0, 100_000).Select(i => random.Double((uint)i)).ToArray();

        Assert.InRange(Moments.Kolmogorov(values, u => u), 0, 3);
    }

    [Fact]
    public void UInt64_WithAnyPartChanged_GivesAnotherValue()
    {
        var random = new KeyedRandom(new RandomKey(6), 1, 1);
        ulong[] values =
        [
            random.UInt64(0), random.UInt64(1), (random with { Key = new RandomKey(7) }).UInt64(0),
            (random with { Stream = 2 }).UInt64(0), (random with { Substream = 2 }).UInt64(0),
        ];

        Assert.Equal(values.Length, values.Distinct().Count());
        Assert.Equal((uint)random.UInt64(9), random.UInt32(9));
    }

    /// <summary>Numbers that enter runs' results: batch orders, splits and slots all come from here.</summary>
    [Fact]
    public void Permutation_OfAKnownKey_IsTheGoldenOne() =>
        Assert.Equal("8 7 3 0 5 4 1 2 9 6", string.Join(' ', KeyedRandom.Permutation(new RandomKey(1), 10)));

    [Fact]
    public void Below_NoPositiveBound_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedRandom(new RandomKey(1)).Below(0, 0));
}
