using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ebm.Core.Randomness;

/// <summary>
/// Overwrites logits with draws from Bernoulli(sigmoid(logit + bias)). u &lt; sigmoid(a) is computed as u (1 + exp(-a))
/// &lt; 1, without a division or a stored probability. A NaN logit gives NaN, never a state.
/// </summary>
/// <remarks>
/// u is an odd multiple of 2^-24. So the effective probability is the true one rounded to a multiple of 2^-23, and
/// exactly 0 or 1 for extreme logits.
/// </remarks>
internal readonly unsafe struct BernoulliKernel : INoiseKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(
        float* values, float* perColumn, Vector256<uint> w0, Vector256<uint> w1, Vector256<uint> w2, Vector256<uint> w3)
    {
        Draw(values, perColumn, w0);
        Draw(values + 16, perColumn + 16, w1);
        Draw(values + 32, perColumn + 32, w2);
        Draw(values + 48, perColumn + 48, w3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Draw(float* logits, float* bias, Vector256<uint> word)
    {
        var a = Vector256.Load(logits) + Vector256.Load(bias);
        var u = Vector256.ConvertToSingle(((word >> 8) | Vector256<uint>.One).AsInt32()); // in units of 2^-24
        var t = Vector256.FusedMultiplyAdd(u, VectorMath.Exp(-a), u);
        var drawn = Vector256.LessThan(t, Vector256.Create(16777216f)) & Vector256<float>.One;
        Vector256.ConditionalSelect(Vector256.Equals(a, a), drawn, a).Store(logits);
    }
}
