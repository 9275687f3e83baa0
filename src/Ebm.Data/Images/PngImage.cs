using System.Runtime.InteropServices;
using Ebm.Core;
using Ebm.Core.States;
using Ebm.Data.Files;
using SkiaSharp;

namespace Ebm.Data.Images;

/// <summary>
/// A PNG file. Its pixels are read as stored, at 8 bits per channel; colour profile and gamma are ignored.
/// </summary>
internal sealed class PngImage : IDisposable
{
    /// <summary>Pixels of the largest image accepted: 4096x4096.</summary>
    public const int MostPixels = 1 << 24;

    private const long LongestFile = 64 << 20;
    private readonly string _path;
    private readonly SKCodec _codec;

    private PngImage(string path, SKCodec codec) => (_path, _codec) = (path, codec);

    private static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

    /// <summary>The image's shape with a number of channels.</summary>
    public ImageShape GetShape(int channels) => new(channels, _codec.Info.Height, _codec.Info.Width);

    /// <summary>Whether the pixels are stored as grey values.</summary>
    public bool IsGrey => _codec.Info.ColorType == SKColorType.Gray8;

    /// <summary>Whether a file that begins with these bytes is a PNG.</summary>
    public static bool Matches(ReadOnlySpan<byte> start) => start.StartsWith(Signature);

    /// <summary>Reads a file's header without decoding its pixels.</summary>
    /// <exception cref="InputException">The file is missing, is not a PNG, or its header claims too many
    /// pixels.</exception>
    public static PngImage Open(string path)
    {
        byte[] content;
        using (var file = DataFile.Open(path))
        {
            var length = new FileInfo(path).Length;
            content = length <= LongestFile
                ? new byte[length]
                : throw file.CreateError($"has {length} bytes; expected at most {LongestFile}");
            file.Fill(content, "a PNG");
        }

        if (!Matches(content))
        {
            throw Bad(path, "begins with the bytes "
                + $"{Convert.ToHexStringLower(content.AsSpan(0, Math.Min(8, content.Length)))}; "
                + "a PNG begins with 89504e470d0a1a0a");
        }

        using var data = SKData.CreateCopy(content);
        var codec = SKCodec.Create(data) ?? throw Bad(path, "its PNG header is damaged or truncated");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MostPixels)
        {
            codec.Dispose();
            throw Bad(path, $"its header claims {width}x{height} pixels; expected at most {MostPixels}");
        }

        return new PngImage(path, codec);
    }

    /// <summary>
    /// The pixels [channels, height, width]: red, green and blue, or grey values. The grey value of a colour is
    /// 0.299 red + 0.587 green + 0.114 blue, rounded.
    /// </summary>
    /// <exception cref="InputException">The file is damaged or truncated, or has a transparent pixel.</exception>
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
                    ? "is truncated"
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
                    + $"{(p % _codec.Info.Width) + 1} is transparent; "
                    + "save the image without an alpha channel");
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
