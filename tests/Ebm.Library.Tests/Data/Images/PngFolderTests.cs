using CsCheck;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core;
using Ebm.Data.Files;
using Ebm.Data.Loading;
using SkiaSharp;

namespace Ebm.Library.Tests.Data.Images;

public sealed class PngFolderTests : DataTest
{
    [Fact]
    public void Load_OfColours_IsOrderedByNameChannelByChannel()
    {
        Write("b.png", 2, 1, [new SKColor(1, 2, 3), new SKColor(4, 5, 6)]);
        Write("B.PNG", 2, 1, [new SKColor(10, 20, 30), new SKColor(40, 50, 60)]);
        Folder.Write("readme.txt", "no image");

        var data = DatasetLoader.Load(new PngDataSpec { Path = Folder.Path, Range = [0, 255] }, 0);

        Assert.Equal([10, 40, 20, 50, 30, 60, 1, 4, 2, 5, 3, 6], Values(data.Train));
        Assert.Equal(new ImageShape(3, 1, 2), data.Train.Image);
        Assert.Null(data.Train.Labels);
    }

    [Fact]
    public void Load_AsGrey_TakesTheLuminanceOfColoursAndKeepsGrey()
    {
        Write("a.png", 1, 1, [new SKColor(200, 100, 50)]);
        WriteGrey("b.png", 1, 1, [77]);

        var data = DatasetLoader.Load(new PngDataSpec { Path = Folder.Path, Channels = 1, Range = [0, 255] }, 0);

        // 0.299 * 200 + 0.587 * 100 + 0.114 * 50 = 124.2
        Assert.Equal([124, 77], Values(data.Train));
    }

    [Theory]
    [InlineData("ant", "bee", "Cow", new[] { 1, 2, 0 })]
    [InlineData("10", "2", "0", new[] { 10, 2, 0 })]
    public void Load_OfSubfolders_LabelsByNameOrByNumber(string a, string b, string c, int[] labels)
    {
        foreach (var (name, value) in new[] { (a, 1), (b, 2), (c, 3) })
        {
            WriteGrey($"train/{name}/x.png", 1, 1, [(byte)value]);
        }

        WriteGrey($"test/{b}/y.png", 1, 1, [9]);
        var data = DatasetLoader.Load(new PngDataSpec
        {
            Path = Path.Combine(Folder.Path, "train"),
            TestPath = Path.Combine(Folder.Path, "test"),
            Channels = 1,
            Range = [0, 255],
        }, 0);

        Assert.Equal(labels, Enumerable.Range(1, 3)
            .Select(value => data.Train.Labels![Array.IndexOf(Values(data.Train), value)]));
        Assert.Equal([labels[1]], data.Test.Labels!);
        using var scored = RowFile.Read(Path.Combine(Folder.Path, "test"), data.Reading);
        Assert.Equal([labels[1]], scored.Labels!);
    }

    [Fact]
    public void Load_OfAnotherSize_IsRefusedOrResizedByAreas()
    {
        WriteGrey("a.png", 2, 2, [10, 20, 30, 40]);
        WriteGrey("b.png", 3, 2, [0, 60, 120, 60, 120, 180]);

        AssertFails(
            "b.png", () => DatasetLoader.Load(new PngDataSpec { Path = Folder.Path, Channels = 1 }, 0), "3x2", "2x2",
            "a.png", "data.size");
        var resized = DatasetLoader.Load(
            new PngDataSpec { Path = Folder.Path, Channels = 1, Size = [1, 2], Range = [0, 255] }, 0);

        // Of three columns in two: one and a half each.
        Assert.Equal([20, 30, 50, 130], Values(resized.Train));
    }

    [Fact]
    public void Read_OfAPngAndOfAFolder_IsReadAsTheTrainingImages()
    {
        WriteGrey("a.png", 2, 1, [0, 255]);
        var data = DatasetLoader.Load(new PngDataSpec { Path = Folder.Path, Channels = 1, Range = [-1, 1] }, 0);

        using var one = RowFile.Read(Path.Combine(Folder.Path, "a.png"), data.Reading);
        using var all = RowFile.Read(Folder.Path, data.Reading);

        Assert.Equal([-1, 1], Values(one));
        Assert.Equal([-1, 1], Values(all));
    }

    [Fact]
    public void Load_OfAFileThatIsNoImage_NamesIt()
    {
        WriteGrey("a.png", 2, 2, [1, 2, 3, 4]);
        var whole = File.ReadAllBytes(Path.Combine(Folder.Path, "a.png"));
        byte[] bomb = [.. whole];
        (bomb[17], bomb[21]) = (1, 1);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(bomb.AsSpan(29), Crc(bomb.AsSpan(12, 17)));

        Refused(whole[..^28], "b.png", "truncated", "damaged");
        Refused([.. "not a png"u8], "b.png", "6e6f7420");
        Refused(bomb, "b.png", "65538x65538 pixels");
        Write("b.png", 2, 2, [.. Enumerable.Repeat(new SKColor(1, 2, 3, 128), 4)]);
        AssertFails("b.png", Load, "transparent");
        File.Delete(Path.Combine(Folder.Path, "b.png"));
        Directory.CreateDirectory(Path.Combine(Folder.Path, "class"));
        AssertFails("a.png", Load, "beside subfolders");
        File.Delete(Path.Combine(Folder.Path, "a.png"));
        AssertFails("class", Load, "has no PNG file");

        void Load() => DatasetLoader.Load(new PngDataSpec { Path = Folder.Path, Channels = 1 }, 0);

        void Refused(byte[] content, string name, params string[] oneOf)
        {
            Folder.Write(name, content);
            var error = Assert.Throws<InputException>(Load);
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains(oneOf, text => error.Message.Contains(text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Read_AnyDamage_IsReadOrRefusedAndNeverAnythingElse()
    {
        Write("a.png", 5, 4, [.. Enumerable.Range(0, 20).Select(i => new SKColor((byte)i, (byte)(7 * i), 9))]);
        var whole = File.ReadAllBytes(Path.Combine(Folder.Path, "a.png"));
        Gen.Select(Gen.Select(Gen.Int[8, whole.Length - 1], Gen.Byte).Array[1, 4], Gen.Int[8, whole.Length])
            .Sample((changes, length) =>
            {
                byte[] damaged = [.. whole];
                Array.ForEach(changes, c => damaged[c.Item1] = c.Item2);
                using var folder = new TemporaryFolder();
                try
                {
                    RowFile.Read(folder.Write("x.png", damaged[..length]), limit: 1 << 20).Dispose();
                }
                catch (InputException e)
                {
                    Assert.Contains("x.png", e.Message, StringComparison.Ordinal);
                }
            }, iter: 300);
    }

    private void Write(string name, int width, int height, SKColor[] pixels)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul) { Pixels = pixels };
        Encode(name, bitmap);
    }

    private void WriteGrey(string name, int width, int height, byte[] pixels)
    {
        using var bitmap = new SKBitmap(width, height, SKColorType.Gray8, SKAlphaType.Opaque);
        for (var y = 0; y < height; y++)
        {
            pixels.AsSpan(y * width, width).CopyTo(bitmap.GetPixelSpan()[(y * bitmap.RowBytes)..]);
        }

        Encode(name, bitmap);
    }

    private void Encode(string name, SKBitmap bitmap)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Folder.Path, name))!);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Folder.Write(name, png.ToArray());
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }
        }

        return ~crc;
    }
}
