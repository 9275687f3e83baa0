using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Ebm.Core.States;

/// <summary>
/// Points of the plane as bits, the way in which discrete energies are compared on them (Dai et al. 2020, "Learning
/// discrete energy-based models via auxiliary-variable local exploration"; Zhang et al. 2022, "Generative flow networks
/// for discrete probabilistic modeling"): of each coordinate a sign (1 where it is negative), and the whole part of |x|
/// scale in reflected Gray code, the highest bit first, so that neighbours differ in one bit.
/// </summary>
/// <param name="Bits">Bits of a row: half of them for each coordinate.</param>
/// <param name="Scale">Cells in a unit of length.</param>
public sealed record GrayCode(int Bits, double Scale)
{
    private int Magnitude => (Bits / 2) - 1;

    private uint Largest => (1u << Magnitude) - 1;

    /// <summary>Sign and code of one coordinate, [Bits / 2]; what lies beyond the last cell is put into it.</summary>
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

    /// <summary>The middle of the cell that sign and code name.</summary>
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

    /// <summary>The states of points [rows, 2]; [rows, Bits], float32, on the CPU.</summary>
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

    /// <summary>The points of states [rows, Bits] of 0 and 1; [rows, 2], float32, on the CPU.</summary>
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
