using System.Runtime.InteropServices;
using Ebm.Core;
using Ebm.Core.States;
using Ebm.Data.Files;
using SkiaSharp;

namespace Ebm.Data.Images;

/// <summary>
/// One PNG file. Its pixels are taken as they are stored, at 8 bits a channel: a colour profile or gamma in the file
/// changes nothing.
/// </summary>
internal sealed class PngImage : IDisposable
{
    /// <summary>Pixels of the largest image that is decoded: 4096x4096.</summary>
    public const int MostPixels = 1 << 24;

    private const long LongestFile = 64 << 20;
    private readonly string _path;
    private readonly SKCodec _codec;

    private PngImage(string path, SKCodec codec) => (_path, _codec) = (path, codec);

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>Its shape with as many channels as wanted.</summary>
    public ImageShape ShapeOf(int channels) => new(channels, _codec.Info.Height, _codec.Info.Width);

    /// <summary>Whether its pixels are stored as grey values.</summary>
    public bool IsGrey => _codec.Info.ColorType == SKColorType.Gray8;

    /// <summary>Whether a file that begins like this is a PNG.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>Reads a file's header; nothing is unpacked yet.</summary>
    /// <exception cref="InputException">The file is missing, no PNG, or its header claims too many pixels.</exception>
    public static PngImage Open(string path)
    {
        byte[] content;
        using (var file = DataFile.Open(path))
        {
            var length = new FileInfo(path).Length;
            content = length <= LongestFile
                ? new byte[length]
                : throw file.Error($"has {length} bytes; an image may have at most {LongestFile}");
            file.Fill(content, "a PNG");
        }

        if (!Matches(content))
        {
            throw Bad(path, "begins with the bytes "
                + $"{Convert.ToHexStringLower(content.AsSpan(0, Math.Min(8, content.Length)))}; "
                + "a PNG begins with 89504e470d0a1a0a");
        }

        using var data = SKData.CreateCopy(content);
        var codec = SKCodec.Create(data) ?? throw Bad(path, "its PNG header is damaged or cut off");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels)
        {
            codec.Dispose();
            throw Bad(path, $"its header claims {width}x{height} pixels; an image may have at most {MostPixels}");
        }

        return new PngImage(path, codec);
    }

    /// <summary>
    /// The pixels, channel by channel, [channels, height, width]: as red, green and blue, or as grey values, which of a
    /// colour are 0.299 red + 0.587 green + 0.114 blue, rounded.
    /// </summary>
    /// <exception cref="InputException">The file is damaged or cut off, or has a transparent pixel.</exception>
    public byte[] Decode(int channels)
    {
        var area = _codec.Info.Width * _codec.Info.Height;
        var rgba = new byte[4 * area];
        var info = new SKImageInfo(_codec.Info.Width, _codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        var pinned = GCHandle.Alloc(rgba, GCHandleType.Pinned);
        try
        {
            if (_codec.GetPixels(info, pinned.AddrOfPinnedObject()) is var result and not SKCodecResult.Success)
            {
                throw Bad(_path, result == SKCodecResult.IncompleteInput
                    ? "is cut off"
                    : $"its pixels are damaged ({result})");
            }
        }
        finally
        {
            pinned.Free();
        }

        var pixels = new byte[channels * area];
        for (var p = 0; p < area; p++)
        {
            var (red, green, blue) = (rgba[4 * p], rgba[(4 * p) + 1], rgba[(4 * p) + 2]);
            if (rgba[(4 * p) + 3] != byte.MaxValue)
            {
                throw Bad(_path, $"the pixel in row {(p / _codec.Info.Width) + 1}, column "
                    + $"{(p % _codec.Info.Width) + 1} is transparent; save the image without an alpha channel");
            }

            if (channels == 1)
            {
                pixels[p] = (byte)(((299 * red) + (587 * green) + (114 * blue) + 500) / 1000);
            }
            else
            {
                (pixels[p], pixels[area + p], pixels[(2 * area) + p]) = (red, green, blue);
            }
        }

        return pixels;
    }

    /// <inheritdoc/>
    public void Dispose() => _codec.Dispose();

    private static InputException Bad(string path, string message) => new($"{path}: {message}.");
}
