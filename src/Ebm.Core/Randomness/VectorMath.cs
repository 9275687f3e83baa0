using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ebm.Core.Randomness;

/// <summary>
/// Elementary functions of eight floats at a time, on the ranges of the noise kernels. They use only IEEE additions,
/// multiplications, fused multiply-adds, square roots and integer operations, which are correctly rounded, so every
/// processor gives the same bits. (Library versions of exp and log do not guarantee that.) Coefficients: S. L. Moshier,
/// Cephes Mathematical Library, single precision (exp2f, logf, sinf, cosf).
/// </summary>
internal static class VectorMath
{
    /// <summary>
    /// Adding and subtracting 1.5 * 2^23 rounds to the nearest integer; the sum holds it in its low bits.
    /// </summary>
    private const float Rounder = 12582912f;

    /// <summary>exp(x), clamped to [2^-126, 2^126]; relative error below 3e-7 + 8e-8 |x|. x is not NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        // exp(x) = 2^n 2^f with n = round(x / ln 2) and f in [-1/2, 1/2].
        var t = x * Vector256.Create(1.44269504f);
        t = Vector256.MinNative(Vector256.MaxNative(t, Vector256.Create(-126f)), Vector256.Create(126f));
        var rounded = t + Vector256.Create(Rounder);
        var f = t - (rounded - Vector256.Create(Rounder));
        var p = Vector256.Create(1.535336188319500e-4f);
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(1.339887440266574e-3f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(9.618437357674640e-3f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(5.550332471162809e-2f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(2.402264791363012e-1f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256.Create(6.931472028550421e-1f));
        p = Vector256.FusedMultiplyAdd(p, f, Vector256<float>.One);
        return (p.AsInt32() + (rounded.AsInt32() << 23)).AsSingle();
    }

    /// <summary>ln(u) of a normal (not subnormal) u in (0, 1); relative error below 3e-7, never above 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Log(Vector256<float> u)
    {
        // u = 2^e (1 + m) with 1 + m in [sqrt(1/2), sqrt(2)): subtracting the bits of sqrt(1/2) moves the carry of the
        // exponent there.
        var e = Vector256.ShiftRightArithmetic(u.AsInt32() - Vector256.Create(0x3f3504f3), 23);
        var m = (u.AsInt32() - (e << 23)).AsSingle() - Vector256<float>.One;
        var p = Vector256.Create(7.0376836292e-2f);
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.1514610310e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(1.1676998740e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.2420140846e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(1.4249322787e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-1.6668057665e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(2.0000714765e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(-2.4999993993e-1f));
        p = Vector256.FusedMultiplyAdd(p, m, Vector256.Create(3.3333331174e-1f));
        var square = m * m;
        var y = Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), square * m * p) + m;
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(e), Vector256.Create(0.693147181f), y);
    }

    /// <summary>
    /// Sine and cosine of a uniformly distributed angle: the top two bits select the quadrant, the next 24 bits the
    /// angle within it. Absolute error below 2e-7.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SinCos(Vector256<uint> bits, out Vector256<float> sine, out Vector256<float> cosine)
    {
        // The midpoints of 2^24 equal intervals of [-pi/4, pi/4]; half-integers below 2^23 are exact.
        var part = Vector256.ConvertToSingle(((bits << 2) >> 8).AsInt32()) - Vector256.Create(8388607.5f);
        var a = part * Vector256.Create(1.5707963268f / 16777216f);
        var square = a * a;
        var s = Vector256.FusedMultiplyAdd(
            Vector256.Create(-1.9515295891e-4f), square, Vector256.Create(8.3321608736e-3f));
        s = Vector256.FusedMultiplyAdd(s, square, Vector256.Create(-1.6666654611e-1f));
        s = Vector256.FusedMultiplyAdd(s * square, a, a);
        var c = Vector256.FusedMultiplyAdd(
            Vector256.Create(2.443315711809948e-5f), square, Vector256.Create(-1.388731625493765e-3f));
        c = Vector256.FusedMultiplyAdd(c, square, Vector256.Create(4.166664568298827e-2f));
        c = Vector256.FusedMultiplyAdd(
            c * square, square, Vector256.FusedMultiplyAdd(square, Vector256.Create(-0.5f), Vector256<float>.One));

        // A quarter turn maps (sin, cos) to (cos, -sin); a half turn changes both signs.
        var quarter = Vector256.ShiftRightArithmetic((bits << 1).AsInt32(), 31).AsSingle();
        var half = bits & Vector256.Create(0x80000000);
        sine = (Vector256.ConditionalSelect(quarter, c, s).AsUInt32() ^ half).AsSingle();
        cosine = (Vector256.ConditionalSelect(quarter, -s, c).AsUInt32() ^ half).AsSingle();
    }
}
