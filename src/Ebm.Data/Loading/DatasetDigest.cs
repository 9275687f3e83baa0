using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Ebm.Core.Datasets;
using Ebm.Core.States;

namespace Ebm.Data.Loading;

/// <summary>
/// Digest of a dataset, pinned by a run: it covers all that determines the rows, and not their files' names.
/// </summary>
internal static class DatasetDigest
{
    /// <summary>
    /// SHA-256 (hex) of the parts' dimensions, scaling, values and labels, the binarisation and the alphabet.
    /// </summary>
    public static string Of(Dataset data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, $"ebm data 1, binarise {data.Binarise}\n");
        if (data.Alphabet is { } alphabet)
        {
            Append(hash, $"alphabet {alphabet.Characters}\n");
        }

        foreach (var part in Enum.GetValues<DataPart>())
        {
            var rows = data[part];
            Append(hash, $"{part} {rows.Count}x{rows.Features} {rows.Stored.dtype} image "
                + $"{rows.Image?.ToString() ?? "none"} "
                + $"labels {rows.Labels is not null} "
                + $"scale {BitConverter.SingleToInt32Bits(rows.Scale)} shift "
                + $"{BitConverter.SingleToInt32Bits(rows.Shift)}\n");
            TensorChunks.ForEach(rows.Stored, (bytes, _) => hash.AppendData(bytes));
            hash.AppendData(MemoryMarshal.AsBytes(rows.Labels.AsSpan()));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, string text) =>
        hash.AppendData(Encoding.UTF8.GetBytes(text));
}
