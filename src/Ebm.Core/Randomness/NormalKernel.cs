using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ebm.Core.Randomness;

/// <summary>
/// Adds scaled standard normal noise: Box and Muller (1958), two words for two values. The radius has 23 bits, so no
/// value lies beyond 5.77 standard deviations (probability 8e-9).
/// </summary>
internal readonly unsafe struct NormalKernel(float scale) : INoiseKernel
{
    private readonly float _scale = scale;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(
        float* values, float* perColumn, Vector256<uint> w0, Vector256<uint> w1, Vector256<uint> w2, Vector256<uint> w3)
    {
        AddPair(values, w0, w1);
        AddPair(values + 32, w2, w3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddPair(float* values, Vector256<uint> forRadius, Vector256<uint> forAngle)
    {
        // Odd multiples of 2^-24: exact in a float, and never 0 or 1.
        var odd = Vector256.ConvertToSingle(((forRadius >> 8) | Vector256<uint>.One).AsInt32());
        var log = VectorMath.Log(odd * Vector256.Create(1f / 16777216f));
        var radius = Vector256.Sqrt(log * Vector256.Create(-2f)) * Vector256.Create(_scale);
        VectorMath.SinCos(forAngle, out var sine, out var cosine);
        Vector256.FusedMultiplyAdd(radius, sine, Vector256.Load(values)).Store(values);
        Vector256.FusedMultiplyAdd(radius, cosine, Vector256.Load(values + 16)).Store(values + 16);
    }
}
