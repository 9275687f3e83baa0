using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace Ebm.Library.Tests.Data;

/// <summary>The bytes of small data files.</summary>
internal static class DataFiles
{
    public static byte[] Idx(byte[] values, params uint[] dims)
    {
        var bytes = new byte[4 + (4 * dims.Length) + values.Length];
        (bytes[2], bytes[3]) = (0x08, (byte)dims.Length);
        for (var i = 0; i < dims.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 + (4 * i)), dims[i]);
        }

        values.CopyTo(bytes, 4 + (4 * dims.Length));
        return bytes;
    }

    public static byte[] Npy<T>(string descr, string shape, T[] values, byte version = 1, string order = "False")
        where T : unmanaged
    {
        var header = $"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}".PadRight(118) + "\n";
        byte[] length = version == 1 ? [(byte)header.Length, 0] : [(byte)header.Length, 0, 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.ASCII.GetBytes(header),
            .. MemoryMarshal.AsBytes(values)];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var target = new MemoryStream();
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return target.ToArray();
    }

    public static byte[] Count(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)i)];
}
