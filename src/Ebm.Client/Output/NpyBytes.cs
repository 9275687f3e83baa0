using System.Runtime.InteropServices;
using System.Text;

namespace Ebm.Client.Output;

/// <summary>A NumPy array file, version 1.0: little-endian float32 in C order.</summary>
internal static class NpyBytes
{
    private const int Preamble = 10, Alignment = 64;

    /// <summary>The file of [rows, values / rows].</summary>
    public static byte[] Of(float[] values, int rows)
    {
        var header = HumanFormat.Of($"{{'descr': '<f4', 'fortran_order': False, 'shape': "
            + $"({rows}, {values.Length / rows}), }}");
        var length = ((Preamble + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - Preamble;
        header = header.PadRight(length - 1) + "\n";
        return
        [
            0x93, .. "NUMPY"u8, 1, 0, (byte)(length & 0xff), (byte)(length >> 8), .. Encoding.ASCII.GetBytes(header),
            .. MemoryMarshal.AsBytes<float>(values),
        ];
    }
}
