using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Ebm.Core.Randomness;

/// <summary>
/// Vectorised Philox for eight consecutive counters; computes the same words as <see cref="Philox.Words"/>.
/// </summary>
/// <remarks>
/// The state is kept in 64-bit lanes, with separate vectors for even and odd counters. A widening multiply reads only
/// the low half of a lane. So the low product stays in place below irrelevant high bits, and a round takes two
/// multiplies, two shifts and four xors per vector. 256-bit vectors are the widest that every current x86-64 server
/// executes natively; elsewhere the runtime composes them from narrower ones, with the same bits, because the
/// arithmetic is integer.
/// </remarks>
internal static class PhiloxLanes
{
    /// <summary>Word w of counter <paramref name="counter"/> + i goes to lane i of <c>w0</c> to <c>w3</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Words(
        RandomKey key, uint counter, uint chain, uint step, uint draw,
        out Vector256<uint> w0, out Vector256<uint> w1, out Vector256<uint> w2, out Vector256<uint> w3)
    {
        var m0 = Vector256.Create((ulong)Philox.Multiplier0);
        var m1 = Vector256.Create((ulong)Philox.Multiplier1);
        var even0 = Vector256.Create((ulong)counter) + Vector256.Create(0ul, 2, 4, 6);
        var odd0 = Vector256.Create((ulong)counter) + Vector256.Create(1ul, 3, 5, 7);
        Vector256<ulong> even1, odd1, even2, odd2, even3, odd3;
        even1 = odd1 = Vector256.Create((ulong)chain);
        even2 = odd2 = Vector256.Create((ulong)step);
        even3 = odd3 = Vector256.Create((ulong)draw);
        var (key0, key1) = ((uint)key.Value, (uint)(key.Value >> 32));

        for (var round = 0; round < Philox.Rounds; round++)
        {
            var k0 = Vector256.Create((ulong)key0);
            var k1 = Vector256.Create((ulong)key1);
            Round(ref even0, ref even1, ref even2, ref even3, m0, m1, k0, k1);
            Round(ref odd0, ref odd1, ref odd2, ref odd3, m0, m1, k0, k1);
            key0 += Philox.Weyl0;
            key1 += Philox.Weyl1;
        }

        (w0, w1) = (Interleave(even0, odd0), Interleave(even1, odd1));
        (w2, w3) = (Interleave(even2, odd2), Interleave(even3, odd3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<ulong> x0, ref Vector256<ulong> x1, ref Vector256<ulong> x2, ref Vector256<ulong> x3,
        Vector256<ulong> m0, Vector256<ulong> m1, Vector256<ulong> k0, Vector256<ulong> k1)
    {
        var p = MultiplyLowHalves(x0, m0);
        var q = MultiplyLowHalves(x2, m1);
        x0 = (q >> 32) ^ x1 ^ k0;
        x1 = q;
        x2 = (p >> 32) ^ x3 ^ k1;
        x3 = p;
    }

    /// <summary>Full product of the low 32 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> MultiplyLowHalves(Vector256<ulong> a, Vector256<ulong> b)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.Multiply(a.AsUInt32(), b.AsUInt32());
        }

        if (Sse2.IsSupported)
        {
            return Vector256.Create(
                Sse2.Multiply(a.GetLower().AsUInt32(), b.GetLower().AsUInt32()),
                Sse2.Multiply(a.GetUpper().AsUInt32(), b.GetUpper().AsUInt32()));
        }

        var low = Vector256.Create(0xFFFFFFFFul);
        return (a & low) * (b & low);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Interleave(Vector256<ulong> even, Vector256<ulong> odd) =>
        ((even & Vector256.Create(0xFFFFFFFFul)) | (odd << 32)).AsUInt32();
}
