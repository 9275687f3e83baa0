using System.IO.Compression;
using ICSharpCode.SharpZipLib.Checksum;

namespace Ebm.Core.Energies.TorchScript;

/// <summary>
/// A TorchScript module as a file: read once, so that what was digested is what is computed with. Only what can be told
/// without libtorch is checked here.
/// </summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Bytes">Its content.</param>
/// <param name="Sha256">SHA-256 (hex) of the content.</param>
internal sealed record ScriptFile(string Path, byte[] Bytes, string Sha256)
{
    private const string HowToSave =
        "Save the module in Python with torch.jit.script(model.eval()).save(\"model.pt\").";

    // A module's entries are hardly compressed; an archive that claims more is a decompression bomb.
    private const long MostUnpacked = 8L << 30;

    private static ReadOnlySpan<byte> ZipMagic => "PK\u0003\u0004"u8;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InputException">It is missing, damaged, or no archive of TorchScript; the message names
    /// it.</exception>
    public static ScriptFile Read(string path)
    {
        var (bytes, sha256) = EnergyFile.Read(path, "module", HowToSave);
        CheckArchive(path, bytes);
        return new ScriptFile(path, bytes, sha256);
    }

    private static void CheckArchive(string path, byte[] bytes)
    {
        if (!bytes.AsSpan().StartsWith(ZipMagic))
        {
            throw EnergyFile.Bad(path, bytes[0] == 0x80
                ? $"holds pickled Python objects, not a TorchScript module. {HowToSave}"
                : $"is no TorchScript module: it does not begin as a zip archive does. {HowToSave}");
        }

        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false));
            string[] names = [.. archive.Entries.Select(
                e => e.FullName[(e.FullName.IndexOf('/', StringComparison.Ordinal) + 1)..])];
            if (!names.Contains("constants.pkl") || !names.Any(n => n.StartsWith("code/", StringComparison.Ordinal)))
            {
                throw EnergyFile.Bad(path, names.Contains("data.pkl")
                    ? $"holds pickled Python objects (torch.save), not a TorchScript module. {HowToSave}"
                    : $"is a zip archive without code, not a TorchScript module. {HowToSave}");
            }

            if (archive.Entries.Sum(e => e.Length) is var unpacked and > MostUnpacked)
            {
                throw EnergyFile.Bad(path, $"unpacks to {unpacked} bytes, above the limit of {MostUnpacked}.");
            }

            // libtorch reads entries without looking at their checksums.
            if (archive.Entries.FirstOrDefault(e => !IsWhole(e)) is { } damaged)
            {
                throw EnergyFile.Bad(path, $"is damaged: its entry {damaged.FullName} does not have its checksum. "
                    + "Copy or save it again.");
            }
        }
        catch (InvalidDataException e)
        {
            throw EnergyFile.Bad(path, $"is cut short or damaged ({e.Message}). Copy or save it again.");
        }
    }

    private static bool IsWhole(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        var (checksum, buffer, length) = (new Crc32(), new byte[1 << 16], 0L);
        for (int read; length <= entry.Length && (read = content.Read(buffer)) > 0; length += read)
        {
            checksum.Update(new ArraySegment<byte>(buffer, 0, read));
        }

        return length == entry.Length && checksum.Value == entry.Crc32;
    }
}
