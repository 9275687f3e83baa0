using System.IO.Compression;
using System.Text;
using Ebm.Core;

namespace Ebm.Data.Files;

/// <summary>
/// A data file, read once from its start; gzip is recognised by its magic number and decompressed. A size that the file
/// claims is used only after a check against the file's length.
/// </summary>
internal sealed class DataFile : IDisposable
{
    /// <summary>Default limit of an array: 4 GiB.</summary>
    public const long DefaultLimit = 4L << 30;

    /// <summary>Largest compression ratio of deflate (a match of 258 bytes takes at least two bits).</summary>
    private const long DeflateRatio = 1032;

    private readonly long _length;
    private readonly bool _compressed;
    private readonly Stream _content;

    private DataFile(string path, FileStream stream)
    {
        Path = path;
        _length = stream.Length;
        var magic = new byte[2];
        _compressed = stream.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
        stream.Position = 0;
        _content = _compressed ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    /// <summary>The file's name, as given.</summary>
    public string Path { get; }

    /// <summary>Bytes of decompressed content read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InputException">The file is missing, unreadable or empty.</exception>
    public static DataFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: is a directory; expected a data file.");
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16,
                FileOptions.SequentialScan);
            return stream.Length > 0
                ? new DataFile(path, stream)
                : throw new InputException($"{path}: is empty; expected a data file.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: no such file. Paths in a spec are relative to the spec's folder.", e);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            throw e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                ? new InputException($"{path}: cannot read the file: {e.Message}", e)
                : e;
        }
    }

    /// <summary>
    /// Reads up to the length of <paramref name="target"/>; fewer bytes only at the end of the content.
    /// </summary>
    public int Read(Span<byte> target)
    {
        try
        {
            var count = _content.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
            Position += count;
            return count;
        }
        catch (InvalidDataException e)
        {
            throw new InputException(
                $"{Path}: the gzip data is damaged or truncated after byte {Position} of its content. "
                    + "Copy the file again.", e);
        }
        catch (IOException e)
        {
            throw new InputException($"{Path}: reading failed after byte {Position}: {e.Message}", e);
        }
    }

    /// <summary>Fills <paramref name="target"/> with <paramref name="what"/>, the noun of error messages.</summary>
    public void Fill(Span<byte> target, string what)
    {
        var start = Position;
        var count = Read(target);
        if (count < target.Length)
        {
            throw CreateError($"ends at byte {start + count}; "
                + $"expected {what} of {target.Length} bytes from byte {start}");
        }
    }

    /// <summary>
    /// Refuses, before any allocation, a header that claims <paramref name="claimed"/> bytes if the rest of the file
    /// cannot hold them, or if they exceed the <paramref name="limit"/>.
    /// </summary>
    public void CheckClaim(long claimed, long limit)
    {
        if (claimed > limit)
        {
            throw CreateError($"its header claims {claimed} bytes of values; the limit is {limit}");
        }

        if (!_compressed && claimed != _length - Position)
        {
            var found = _length - Position;
            throw CreateError($"its header claims {claimed} bytes of values from byte {Position}; "
                + $"the file has {found}: "
                + (found < claimed ? "it is truncated" : "it has trailing bytes"));
        }

        if (_compressed && claimed / DeflateRatio > _length)
        {
            throw CreateError($"its header claims {claimed} bytes of values; {_length} bytes of gzip cannot hold them");
        }
    }

    /// <summary>Refuses trailing content; decompresses at most one byte beyond the claimed ones.</summary>
    public void ExpectEnd()
    {
        var end = Position;
        if (Read(stackalloc byte[1]) != 0)
        {
            throw CreateError($"has trailing bytes; expected its end at byte {end}, as its header claims");
        }
    }

    /// <summary>An error about this file.</summary>
    public InputException CreateError(string message) => new($"{Path}: {message}.");

    /// <summary>Text of the file for a message: shortened, without control characters.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)]);
        return "'" + string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 40 ? "...'" : "'");
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
