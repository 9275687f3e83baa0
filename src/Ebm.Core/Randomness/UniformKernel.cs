using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ebm.Core.Randomness;

/// <summary>Uniform on the 2^24 multiples of 2^-24 in [0, 1).</summary>
internal readonly unsafe struct UniformKernel : INoiseKernel
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(
        float* values, float* perColumn, Vector256<uint> w0, Vector256<uint> w1, Vector256<uint> w2, Vector256<uint> w3)
    {
        Uniform(w0).Store(values);
        Uniform(w1).Store(values + 16);
        Uniform(w2).Store(values + 32);
        Uniform(w3).Store(values + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Uniform(Vector256<uint> word) =>
        Vector256.ConvertToSingle((word >> 8).AsInt32()) * Vector256.Create(1f / 16777216f);
}
