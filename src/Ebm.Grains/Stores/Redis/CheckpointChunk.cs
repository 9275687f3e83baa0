using System.Globalization;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using StackExchange.Redis;

namespace Ebm.Grains.Stores.Redis;

/// <summary>A piece of a checkpoint's file.</summary>
/// <param name="Key">Where it is.</param>
/// <param name="Offset">Where it begins in the file.</param>
/// <param name="Length">Its bytes.</param>
internal readonly record struct CheckpointChunk(RedisKey Key, int Offset, int Length)
{
    /// <summary>No value is longer: a longer one would hold up all other calls of its connection.</summary>
    private const int Limit = 4 << 20;

    /// <summary>
    /// The chunks of a file. Their keys name its digest, so another content of the same file is never written over the
    /// one that a manifest points to.
    /// </summary>
    /// <param name="prefix">What the keys of the checkpoint's chunks begin with.</param>
    /// <param name="file">The file.</param>
    public static IEnumerable<CheckpointChunk> Of(string prefix, ManifestFile file)
    {
        for (var offset = 0; offset < file.Length; offset += Limit)
        {
            yield return new CheckpointChunk(
                string.Create(
                    CultureInfo.InvariantCulture, $"{prefix}{file.Name}:{file.Sha256[..16]}:{offset / Limit}"),
                offset,
                (int)Math.Min(Limit, file.Length - offset));
        }
    }

    /// <summary>The chunks of all files.</summary>
    public static IEnumerable<CheckpointChunk> Of(string prefix, Manifest manifest) =>
        manifest.Files.SelectMany(file => Of(prefix, file));

    /// <summary>The file that chunks make up; still to be verified.</summary>
    /// <exception cref="InputException">A chunk is missing, or has another length.</exception>
    public static byte[] Join(
        ManifestFile file, IEnumerable<(CheckpointChunk Chunk, byte[]? Content)> chunks, string place)
    {
        var joined = new byte[file.Length];
        foreach (var (chunk, content) in chunks)
        {
            if (content?.Length != chunk.Length)
            {
                throw new InputException($"{place}/{file.Name} is torn: {chunk.Key} has {content?.Length ?? 0} bytes; "
                    + $"expected {chunk.Length}.");
            }

            content.CopyTo(joined, chunk.Offset);
        }

        return joined;
    }
}
