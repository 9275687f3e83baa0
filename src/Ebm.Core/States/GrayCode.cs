using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ebm.Core.States;

/// <summary>
/// Encoding of points of the plane as bits, a benchmark of discrete energies (Dai et al. 2020, "Learning discrete
/// energy-based models via auxiliary-variable local exploration"; Zhang et al. 2022, "Generative flow networks for
/// discrete probabilistic modeling"). Each coordinate has a sign bit (1 if negative) and the integer part of |x| scale
/// in reflected Gray code, the highest bit first, so neighbouring cells differ in one bit.
/// </summary>
/// <param name="Bits">Bits of a row, half of them per coordinate.</param>
/// <param name="Scale">Cells per unit of length.</param>
internal sealed record GrayCode(int Bits, double Scale)
{
    private int Magnitude => (Bits / 2) - 1;

    private uint Largest => (1u << Magnitude) - 1;

    /// <summary>
    /// Writes sign and code of one coordinate to <paramref name="bits"/>, [Bits / 2]; values beyond the last cell are
    /// clamped to it.
    /// </summary>
    public void Encode(double value, Span<byte> bits)
    {
        bits[0] = value >= 0 ? (byte)0 : (byte)1;
        var cell = (uint)Math.Min(Math.Abs(value) * Scale, Largest);
        var code = cell ^ (cell >> 1);
        for (var i = 0; i < Magnitude; i++)
        {
            bits[i + 1] = (byte)(code >> (Magnitude - 1 - i) & 1);
        }
    }

    /// <summary>The centre of the cell of sign and code.</summary>
    public double Decode(ReadOnlySpan<float> bits)
    {
        var (cell, parity) = (0u, 0u);
        for (var i = 0; i < Magnitude; i++)
        {
            parity ^= bits[i + 1] == 0 ? 0u : 1u;
            cell = (cell << 1) | parity;
        }

        var middle = (cell + 0.5) / Scale;
        return bits[0] == 0 ? middle : -middle;
    }

    /// <summary>The states of points [rows, 2], row-major: [rows, Bits], float32, on the CPU.</summary>
    public Tensor Encode(ReadOnlySpan<float> points)
    {
        var states = new float[points.Length / 2 * Bits];
        Span<byte> bits = stackalloc byte[Bits / 2];
        for (var i = 0; i < points.Length; i++)
        {
            Encode(points[i], bits);
            for (var k = 0; k < bits.Length; k++)
            {
                states[(i * bits.Length) + k] = bits[k];
            }
        }

        return tensor(states).view(-1, Bits);
    }

    /// <summary>The points of states [rows, Bits] of 0 and 1: [rows, 2], float32, on the CPU.</summary>
    public Tensor Decode(Tensor states)
    {
        using var host = states.to(CPU).contiguous();
        var bits = MemoryMarshal.Cast<byte, float>(host.bytes);
        var points = new float[bits.Length / Bits * 2];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = (float)Decode(bits.Slice(i * Bits / 2, Bits / 2));
        }

        return tensor(points).view(-1, 2);
    }
}
