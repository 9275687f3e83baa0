using System.IO.Compression;
using System.Text;
using Ebm.Core;

namespace Ebm.Data.Files;

/// <summary>
/// A data file opened for reading once, from its start; gzip is recognised by its magic number and unpacked on the
/// way. Nothing that the file says of its own size is believed before it was held against its real length.
/// </summary>
internal sealed class DataFile : IDisposable
{
    /// <summary>Largest array that is read unless the caller says otherwise: 4 GiB.</summary>
    public const long DefaultLimit = 4L << 30;

    /// <summary>No deflate stream grows more than this (a match of 258 bytes takes at least two bits).</summary>
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

    /// <summary>Bytes of (unpacked) content read so far.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file that exists, is readable and is not empty.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static DataFile Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException($"{path}: is a directory; expected a data file.");
        }

        FileStream? stream = null;
        try
        {
            stream = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
            return stream.Length > 0
                ? new DataFile(path, stream)
                : throw new InputException($"{path}: is empty; expected a data file.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{path}: there is no such file. Paths in a spec are "
                + "relative to the spec's folder.", e);
        }
        catch (Exception e)
        {
            stream?.Dispose();
            throw e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException
                ? new InputException($"{path}: cannot be read: {e.Message}", e)
                : e;
        }
    }

    /// <summary>Reads up to <paramref name="target"/>'s length; less only at the end of the content.</summary>
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
                $"{Path}: the gzip data is damaged or cut off after byte {Position} of its content. "
                    + "Copy the file again.", e);
        }
        catch (IOException e)
        {
            throw new InputException($"{Path}: reading failed after byte {Position}: {e.Message}", e);
        }
    }

    /// <summary>Fills <paramref name="target"/>, which holds <paramref name="what"/>.</summary>
    public void Fill(Span<byte> target, string what)
    {
        var start = Position;
        var count = Read(target);
        if (count < target.Length)
        {
            throw Error($"ends at byte {start + count}; expected {what} of {target.Length} bytes from byte {start} on");
        }
    }

    /// <summary>
    /// Refuses, before anything is allocated, content that cannot hold the <paramref name="claimed"/> bytes that its
    /// header promises from here on, and promises above the <paramref name="limit"/>.
    /// </summary>
    public void CheckClaim(long claimed, long limit)
    {
        if (claimed > limit)
        {
            throw Error($"its header claims {claimed} bytes of values; the limit is {limit}");
        }

        if (!_compressed && claimed != _length - Position)
        {
            var found = _length - Position;
            throw Error($"its header claims {claimed} bytes of values from byte {Position} on, "
                + $"and the file has {found}: "
                + (found < claimed ? "it is cut off" : "it has trailing bytes"));
        }

        if (_compressed && claimed / DeflateRatio > _length)
        {
            throw Error($"its header claims {claimed} bytes of values, which {_length} bytes of gzip cannot hold");
        }
    }

    /// <summary>Refuses content that goes on: at most one byte more than was claimed is unpacked.</summary>
    public void ExpectEnd()
    {
        var end = Position;
        if (Read(stackalloc byte[1]) != 0)
        {
            throw Error($"has trailing bytes after byte {end}, where its header says it ends");
        }
    }

    /// <summary>An error about this file.</summary>
    public InputException Error(string message) => new($"{Path}: {message}.");

    /// <summary>Text of the file in a message: short, and without control characters.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 40)]);
        return "'" + string.Concat(shown.Select(c => char.IsControl(c) ? '?' : c)) + (text.Length > 40 ? "...'" : "'");
    }

    /// <inheritdoc/>
    public void Dispose() => _content.Dispose();
}
