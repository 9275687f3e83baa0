using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// sum_j softplus(to x_ij) - softplus(from x_ij) of each row: the change of an RBM chain's log-weight in one
/// temperature step. Errors of the fixed approximation of softplus cancel along an AIS run; only rounding remains.
/// </summary>
internal static unsafe class SoftplusDifference
{
    /// <summary>Factors 1 + exp(-|a|) to multiply per logarithm: 2^64 is far below the largest float.</summary>
    private const int Factors = 64;

    /// <summary>
    /// Adds the differences to <paramref name="sums"/>, [rows], float64; <paramref name="x"/> is [rows, columns],
    /// float32, contiguous.
    /// </summary>
    public static void AddRows(Tensor x, double from, double to, Tensor sums)
    {
        if (x.device_type == DeviceType.CPU)
        {
            Add(x, (float)from, (float)to, sums);
            return;
        }

        using var scope = NewDisposeScope();
        using Scalar low = from, high = to;
        var rise = TorchOps.Softplus(x.mul(high)).sub_(TorchOps.Softplus(x.mul(low)));
        sums.Increase(rise.sum(1, type: ScalarType.Float64));
    }

    private static void Add(Tensor x, float from, float to, Tensor sums)
    {
        var (rows, columns) = ((int)x.size(0), (int)x.size(1));
        fixed (byte* values = x.bytes, totals = sums.bytes)
        {
            for (var row = 0; row < rows; row++)
            {
                ((double*)totals)[row] += OfRow((float*)values + ((long)row * columns), columns, from, to);
            }
        }
    }

    /// <summary>softplus(a) = max(a, 0) + log(1 + exp(-|a|)).</summary>
    private static double OfRow(float* x, int columns, float from, float to)
    {
        var (linear, logs) = (Vector256<float>.Zero, Vector256<float>.Zero);
        var (upper, lower) = (Vector256<float>.One, Vector256<float>.One);
        var rise = Vector256.Create(to - from);
        var factors = 0;
        float* tail = stackalloc float[8];
        for (var column = 0; column < columns; column += 8)
        {
            var a = column + 8 <= columns ? Vector256.Load(x + column) : Last(x + column, columns - column, tail);
            var negative = -Vector256.Abs(a);
            linear = Vector256.FusedMultiplyAdd(Vector256.Max(a, Vector256<float>.Zero), rise, linear);
            upper *= Vector256<float>.One + VectorMath.Exp(negative * Vector256.Create(to));
            lower *= Vector256<float>.One + VectorMath.Exp(negative * Vector256.Create(from));
            if (++factors == Factors)
            {
                logs += VectorMath.Log(upper / lower);
                (upper, lower, factors) = (Vector256<float>.One, Vector256<float>.One, 0);
            }
        }

        return Vector256.Sum(linear) + (double)Vector256.Sum(logs + VectorMath.Log(upper / lower));
    }

    /// <summary>Fewer than eight values, padded with zeros: at 0 the difference is 0.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<float> Last(float* x, int count, float* tail)
    {
        new Span<float>(tail, 8).Clear();
        new ReadOnlySpan<float>(x, count).CopyTo(new Span<float>(tail, 8));
        return Vector256.Load(tail);
    }
}
