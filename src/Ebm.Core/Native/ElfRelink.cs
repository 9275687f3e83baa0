using System.Buffers.Binary;
using System.Text;

namespace Ebm.Core.Native;

/// <summary>
/// Rewrites one imported symbol of an ELF64 library image so that an older libstdc++ can satisfy it.
/// </summary>
/// <remarks>
/// GCC 13 made every translation unit that includes &lt;iostream&gt; import <c>std::ios_base_library_init()</c> at
/// version GLIBCXX_3.4.32. Debian 12 and RHEL 9 stop at 3.4.30. The older <c>std::ios_base::Init::Init()</c> at
/// GLIBCXX_3.4 does the same (it counts references and ignores <c>this</c>), so the import is renamed and the version
/// requirement dropped. Nothing else in such a library needs the newer version; where something does, the image is left
/// alone.
/// </remarks>
internal static class ElfRelink
{
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";

    private const uint SectionDynamicSymbols = 11;
    private const uint SectionVersionSymbols = 0x6fffffff;
    private const uint SectionVersionNeeds = 0x6ffffffe;
    private const int SymbolSize = 24;

    private static ReadOnlySpan<byte> Magic => [0x7f, (byte)'E', (byte)'L', (byte)'F', 2];

    /// <summary>
    /// Relinks <paramref name="image"/> in place; false where it does not have exactly this one problem.
    /// </summary>
    /// <remarks>No offset in the image is trusted: one that points outside of it makes this
    /// false.</remarks>
    public static bool TryRelink(Span<byte> image)
    {
        try
        {
            return Relink(image);
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            return false;
        }
    }

    private static bool Relink(Span<byte> image)
    {
        if (!TryFindTables(image, out var tables) || !TryFindVersions(image, tables, out var old, out var wanted))
        {
            return false;
        }

        var users = SymbolsAtVersion(image, tables, U16(image, old.Record + 6));
        if (users is not [var symbol]
            || Text(image, tables.Names + U32(image, tables.Symbols + SymbolSize * symbol)) != NewSymbol)
        {
            return false;
        }

        var name = image.Slice(tables.Names + Offset32(image, tables.Symbols + SymbolSize * symbol), NewSymbol.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(OldSymbol, name);
        var version = U16(image, wanted.Record + 6);
        BinaryPrimitives.WriteUInt16LittleEndian(image[(tables.Versions + 2 * symbol)..], version);

        // The requirement itself (hash and name) now asks for the old version twice, which the loader accepts.
        image.Slice(wanted.Record, 4).CopyTo(image[old.Record..]);
        image.Slice(wanted.Record + 8, 4).CopyTo(image[(old.Record + 8)..]);
        return true;
    }

    private static bool TryFindTables(ReadOnlySpan<byte> image, out Tables tables)
    {
        tables = default;
        if (image.Length < 64 || !image[..5].SequenceEqual(Magic))
        {
            return false;
        }

        var headers = Offset64(image, 40);
        int size = U16(image, 58), count = U16(image, 60);
        if (headers < 0 || headers + (long)size * count > image.Length)
        {
            return false;
        }

        for (var i = 0; i < count; i++)
        {
            var header = headers + i * size;
            var offset = Offset64(image, header + 24);
            switch (U32(image, header + 4))
            {
                case SectionDynamicSymbols:
                    var names = Offset64(image, headers + Offset32(image, header + 40) * size + 24);
                    tables = tables with { Symbols = offset, Count = Offset64(image, header + 32) / SymbolSize,
                        Names = names };
                    break;
                case SectionVersionSymbols:
                    tables = tables with { Versions = offset };
                    break;
                case SectionVersionNeeds:
                    tables = tables with { Needs = offset };
                    break;
            }
        }

        return tables is { Symbols: > 0, Versions: > 0, Needs: > 0 };
    }

    /// <summary>
    /// Finds, among what is needed of libstdc++, the records of the version to drop and of the one to use instead.
    /// </summary>
    private static bool TryFindVersions(ReadOnlySpan<byte> image, Tables tables, out Need old, out Need wanted)
    {
        (old, wanted) = (default, default);
        for (var library = tables.Needs; ; library += Offset32(image, library + 12))
        {
            if (Text(image, tables.Names + U32(image, library + 4)) == "libstdc++.so.6")
            {
                var record = library + Offset32(image, library + 8);
                for (int i = 0, count = U16(image, library + 2); i < count; i++, record += Offset32(image, record + 12))
                {
                    var name = Text(image, tables.Names + U32(image, record + 8));
                    old = name == NewVersion ? new Need(record) : old;
                    wanted = name == OldVersion ? new Need(record) : wanted;
                }
            }

            if (U32(image, library + 12) == 0)
            {
                return old.Record > 0 && wanted.Record > 0;
            }
        }
    }

    private static List<int> SymbolsAtVersion(ReadOnlySpan<byte> image, Tables tables, ushort version)
    {
        var found = new List<int>();
        for (var i = 0; i < tables.Count; i++)
        {
            if ((U16(image, tables.Versions + 2 * i) & 0x7fff) == version)
            {
                found.Add(i);
            }
        }

        return found;
    }

    private static ushort U16(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt16LittleEndian(b[at..]);

    private static uint U32(ReadOnlySpan<byte> b, int at) => BinaryPrimitives.ReadUInt32LittleEndian(b[at..]);

    private static int Offset32(ReadOnlySpan<byte> b, int at) => checked((int)U32(b, at));

    private static int Offset64(ReadOnlySpan<byte> b, int at) =>
        checked((int)BinaryPrimitives.ReadInt64LittleEndian(b[at..]));

    private static string Text(ReadOnlySpan<byte> b, long at)
    {
        var rest = b[checked((int)at)..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private readonly record struct Tables(int Symbols, int Count, int Names, int Versions, int Needs);

    private readonly record struct Need(int Record);
}
