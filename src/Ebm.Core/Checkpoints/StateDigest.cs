using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ebm.Core.Checkpoints;

/// <summary>
/// Digests of the parameters and of the complete state, to compare runs bit for bit. They do not depend on the layout
/// of files, on epochs, placement or time.
/// </summary>
internal static class StateDigest
{
    /// <summary>
    /// SHA-256 (hex) of bytes; of flat little-endian float32 parameters it is <c>parametersSha256</c>.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>The digest of the parameters of <see cref="Checkpoint.Round"/>.</summary>
    public static string OfParameters(Checkpoint checkpoint) => Of(checkpoint.Versions[checkpoint.Round].Span);

    /// <summary>
    /// <c>stateSha256</c>: SHA-256 over a line "name sha256\n" for each part (a tensor's bytes, a shard's slots, a
    /// number as decimal text), in ordinal order of the lines.
    /// </summary>
    public static string OfState(Checkpoint checkpoint)
    {
        var lines = new List<string>
        {
            Line("attempt", checkpoint.Attempt),
            Line("attempt.base", checkpoint.AttemptBase),
            Line("optimiser.step", checkpoint.OptimiserStep),
            Line("round", checkpoint.Round),
        };
        lines.AddRange(checkpoint.Versions.Select(v => Line(Invariant($"parameters@{v.Key}"), v.Value.Span)));
        lines.AddRange(checkpoint.Trainer.Select(t => Line(t.Name, t.Bytes.Span)));
        lines.AddRange(checkpoint.Slots.Select((s, shard) => Line(Invariant($"slots.{shard}"), s.Span)));
        if (checkpoint.Rollbacks.Count > 0)
        {
            lines.Add(Line("rollbacks", Manifest.Compact(checkpoint.Rollbacks)));
        }

        lines.Sort(StringComparer.Ordinal);
        return Of(Encoding.UTF8.GetBytes(string.Concat(lines)));
    }

    private static string Line(string name, ReadOnlySpan<byte> content) => $"{name} {Of(content)}\n";

    private static string Line(string name, long number) =>
        Line(name, Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture)));

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
