using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Ebm.Core.Native;

namespace Ebm.Core.Tests.Native;

public sealed class ElfRelinkTests
{
    private static readonly byte[] Library =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

    [Fact]
    public void TryRelink_OfTheLibrary_DropsTheNewVersionAndKeepsTheOthers()
    {
        var image = (byte[])Library.Clone();
        var before = NeededVersions(image);

        Assert.True(ElfRelink.TryRelink(image));
        var after = NeededVersions(image);

        Assert.Contains("GLIBCXX_3.4.32", before);
        Assert.Equal(before.Select(v => v == "GLIBCXX_3.4.32" ? "GLIBCXX_3.4" : v), after);
        Assert.Equal(
            Occurrences(Library, "_ZSt21ios_base_library_initv") - 1,
            Occurrences(image, "_ZSt21ios_base_library_initv"));
    }

    [Fact]
    public void TryRelink_OfARelinkedImage_LeavesItAlone()
    {
        var image = (byte[])Library.Clone();
        ElfRelink.TryRelink(image);
        var relinked = (byte[])image.Clone();

        Assert.False(ElfRelink.TryRelink(image));
        Assert.Equal(relinked, image);
    }

    [Fact]
    public void TryRelink_OfATruncatedImage_IsFalseAndChangesNothing() =>
        Gen.Int[0, Library.Length - 1].Sample(length =>
        {
            var image = Library[..length];
            return !ElfRelink.TryRelink(image) && image.AsSpan().SequenceEqual(Library.AsSpan(0, length));
        }, iter: 200);

    [Fact]
    public void TryRelink_OfGarbage_IsFalse() =>
        Gen.Byte.Array[0, 4096].Sample(bytes => !ElfRelink.TryRelink(bytes) && !ElfRelink.TryRelink(WithMagic(bytes)));

    /// <summary>
    /// Damage to the header and to the section table, which all other offsets come from: any answer, no exception.
    /// </summary>
    [Fact]
    public void TryRelink_OfADamagedImage_DoesNotThrow() =>
        Gen.Select(Gen.Int[5, 63], Gen.Int[0, 4000], Gen.Byte, Gen.Byte, Gen.Bool)
            .Sample((header, section, a, b, both) =>
            {
                var image = (byte[])Library.Clone();
                var table = (int)BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(40));
                image[Math.Min(table + section, image.Length - 1)] = a;
                image[header] = both ? b : image[header];
                ElfRelink.TryRelink(image);
            }, iter: 300);

    private static int Occurrences(ReadOnlySpan<byte> image, string name) => image.Count(Encoding.ASCII.GetBytes(name));

    private static byte[] WithMagic(byte[] bytes) => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, .. bytes];

    /// <summary>
    /// All versions in .gnu.version_r, in order (ELF64, System V ABI and the LSB's symbol versioning).
    /// </summary>
    private static List<string> NeededVersions(byte[] image)
    {
        var (table, found) = ((int)I64(40), new List<string>());
        for (var header = table; header < table + 64 * U16(60); header += 64)
        {
            if (U32(header + 4) != 0x6ffffffe)
            {
                continue;
            }

            var names = (int)I64(table + 64 * U32(header + 40) + 24);
            for (int library = (int)I64(header + 24), left = U32(header + 44); left > 0; left--,
                library += U32(library + 12))
            {
                for (int record = library + U32(library + 8), i = 0; i < U16(library + 2); i++,
                    record += U32(record + 12))
                {
                    var name = image.AsSpan(names + U32(record + 8));
                    found.Add(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]));
                }
            }
        }

        return found;

        int U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(image.AsSpan(at));
        int U32(int at) => BinaryPrimitives.ReadInt32LittleEndian(image.AsSpan(at));
        long I64(int at) => BinaryPrimitives.ReadInt64LittleEndian(image.AsSpan(at));
    }
}
