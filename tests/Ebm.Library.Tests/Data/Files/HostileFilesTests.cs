using System.IO.Compression;
using System.Text;
using CsCheck;
using Ebm.Core.Energies.Assemblies;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies.Assemblies;
using Ebm.Core.Tests.Energies.TorchScript;
using Ebm.Core;
using Ebm.Data.Arrays;
using Ebm.Data.Files;
using Ebm.Data.Generated;
using Ebm.Data.Text;
using ICSharpCode.SharpZipLib.Checksum;
using SkiaSharp;
using static Ebm.Library.Tests.Data.DataFiles;

namespace Ebm.Library.Tests.Data.Files;

/// <summary>
/// Any data file is read or refused with its name; never another exception, never memory that it only
/// claims to need. CsCheck prints the seed of a case that fails.
/// </summary>
public sealed class HostileFilesTests : DataTest
{
    // Small: a reader that believes a larger claim fails the test.
    private const long Limit = 1 << 20;

    private static readonly Alphabet Letters = new("abc".EnumerateRunes(), 4);

    private static readonly Dictionary<string, (string Name, byte[] Content, Action<string> Read)> Formats = new()
    {
        ["idx"] = ("a", Idx(Count(24), 2, 3, 4), Rows),
        ["idx, gzipped"] = ("a.gz", Gzip(Idx(Count(24), 2, 3, 4)), Rows),
        ["labels"] = ("a", Idx(Count(6), 6), path => IdxFile.ReadLabels(path, 6, Limit)),
        ["npy"] = ("a", Npy<float>("<f4", "(2, 3)", [1, 2, 3, 4, 5, 6]), Rows),
        ["npy, second version"] = ("a", Npy<double>("<f8", "(1, 2)", [1, 2], version: 2), Rows),
        ["npy, gzipped"] = ("a.gz", Gzip(Npy<byte>("|u1", "(2, 2, 2)", Count(8))), Rows),
        ["csv"] = ("a.csv", [.. "a,b\n1,2\n3,4\n"u8], Rows),
        ["png"] = ("a.png", Png(), Rows),
        ["cifar"] = ("a.bin", new byte[2 * 3073], Rows),
        ["text"] = ("a.txt", [.. "ab\nabc\nc\n"u8], path => TextFile.Read(path, Letters, Limit).Dispose()),
        ["couplings"] = ("a", Npy<float>("<f4", "(2, 2)", [0, 1, 1, 0]),
            path => CouplingsFile.Read(path, 2, 1).Dispose()),
        ["assembly"] = ("a.dll", CompiledEnergies.Example, path => AssemblyFile.Read(path)),
        ["module"] = ("a.pt", Modules.With((_, content) => content), path => ScriptFile.Read(path)),
    };

    public static TheoryData<string> Names => [.. Formats.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_OfAnyDamage_IsReadOrRefusedAndNeverAnythingElse(string format)
    {
        var (name, content, read) = Formats[format];
        var (taken, refused) = (0, 0);
        var edits = Gen.Select(
            Gen.Int[0, 1 << 20], Gen.Byte, Gen.OneOf(0, 0, 0, 1, 4), Gen.OneOf(0, 0, 0, 1, 8)).Array[0, 6];
        Gen.Select(edits, Gen.OneOf(Gen.Const(int.MaxValue), Gen.Int[0, content.Length])).Sample(
            (changes, length) =>
            {
                var file = changes.Aggregate(content.AsEnumerable(), (bytes, change) => Edited([.. bytes], change))
                    .Take(length).ToArray();
                var path = Folder.Write(name, file);
                try
                {
                    read(path);
                    taken++;
                }
                catch (InputException e)
                {
                    Assert.Contains(path, e.Message, StringComparison.Ordinal);
                    refused++;
                }
            },
            iter: 900,
            threads: 1);
        Assert.True(
            taken > 0 && refused > 0, $"{taken} taken, {refused} refused: not both sides of the reader were tried");
    }

    [Fact]
    public void Read_OfAFileThatUnpacksToMore_IsRefusedBeforeTheMemoryIsTaken()
    {
        var zeros = new byte[64 << 20];
        AssertFails("claims", () => IdxFile.Read(
            Folder.Write("claims", Gzip([.. Idx([], 1 << 16, 1 << 10), .. zeros])), Limit), "limit");
        AssertFails(
            "more", () => IdxFile.Read(Folder.Write("more", Gzip([.. Idx([1, 2], 2, 1), .. zeros])), Limit),
            "trailing bytes");
        AssertFails("rows", () => CsvFile.Read(
            Folder.Write("rows", Gzip(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1,1\n", 1 << 20))))),
            null, Limit), "limit");
        AssertFails("line", () => CsvFile.Read(Folder.Write("line", Gzip(zeros)), null, Limit));
        AssertFails("text", () => TextFile.Read(
            Folder.Write("text", Gzip(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("abc\n", 1 << 20))))),
            Letters, Limit), "limit");
        AssertFails(
            "side.png", () => RowFile.Read(Folder.Write("side.png", WithSize(Png(), 60_000)), limit: Limit),
            "60000x60000");
        AssertFails("module.pt", () => ScriptFile.Read(Folder.Write("module.pt", Bomb())), "above the limit");
    }

    private static void Rows(string path) => RowFile.Read(path, limit: Limit).Dispose();

    private static IEnumerable<byte> Edited(byte[] bytes, (int At, byte Value, int Removed, int Added) change)
    {
        var (at, value, removed, added) = change;
        var start = at % (bytes.Length + 1);
        return removed == 0 && added == 0 && start < bytes.Length
            ? [.. bytes[..start], value, .. bytes[(start + 1)..]]
            : [.. bytes[..start], .. Enumerable.Repeat(value, added),
                .. bytes[Math.Min(bytes.Length, start + removed)..]];
    }

    private static byte[] Png()
    {
        using var image = new SKBitmap(3, 2, SKColorType.Gray8, SKAlphaType.Opaque);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    // Width and height stand at 16 and 20; the checksum of their chunk is that of the old ones.
    private static byte[] WithSize(byte[] png, int side)
    {
        var crc = new Crc32();
        for (var at = 16; at <= 20; at += 4)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(at), side);
        }

        crc.Update(new ArraySegment<byte>(png, 12, 17));
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), (uint)crc.Value);
        return png;
    }

    // Four entries, of which the archive's directory claims that each unpacks to almost 4 GiB.
    private static byte[] Bomb()
    {
        using var target = new MemoryStream();
        using (var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in new[] { "m/constants.pkl", "m/code/a.py", "m/data/0", "m/data/1" })
            {
                using var entry = archive.CreateEntry(name).Open();
                entry.Write("x"u8);
            }
        }

        var bytes = target.ToArray();
        for (var at = 0; at < bytes.Length - 46; at++)
        {
            if (bytes.AsSpan(at).StartsWith("PK\u0001\u0002"u8))
            {
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(
                    bytes.AsSpan(at + 24), uint.MaxValue - 1);
            }
        }

        return bytes;
    }
}
