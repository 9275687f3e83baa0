using System.IO.Compression;
using System.Security.Cryptography;
using Ebm.Core.Energies.TorchScript;

namespace Ebm.Core.Tests.Energies.TorchScript;

/// <summary>Files that are no TorchScript, recognised without libtorch.</summary>
public sealed class ScriptFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_Module_HasTheDigestOfItsContent() => Assert.Equal(
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Modules.Base))),
        ScriptFile.Read(Modules.Base).Sha256);

    [Fact]
    public void Read_MissingFile_NamesTheMachine() => AssertRefused(
        Path.Combine(_folder.Path, "none.pt"), $"no such file on {Environment.MachineName}. ");

    [Fact]
    public void Read_Folder_IsNoFile() => AssertRefused(_folder.Path, "is a folder");

    [Fact]
    public void Read_EmptyFile_ExplainsHowToSave() =>
        AssertRefused(_folder.Write("a.pt", ""), "is empty. Save the module in Python with torch.jit.script(");

    [Fact]
    public void Read_Text_IsNoArchive() =>
        AssertRefused(_folder.Write("a.pt", "hello\n"), "does not begin as a zip archive does");

    [Fact]
    public void Read_OldPickle_IsNamed() =>
        AssertRefused(_folder.Write("a.pt", [0x80, 2, 0x8a]), "holds pickled Python objects, not");

    [Fact]
    public void Read_ArchiveOfTorchSave_IsNamed() => AssertRefused(
        _folder.Write("a.pt", Modules.With((name, content) => name is "constants.pkl"
            or "__torch__.py" ? null : content)), "(torch.save)");

    [Fact]
    public void Read_OtherArchive_HasNoCode() => AssertRefused(
        _folder.Write("a.pt", Modules.With((name, content) => name == "version" ? content : null)),
        "zip archive without code");

    [Fact]
    public void Read_CutOffAnywhere_IsRefused()
    {
        var whole = File.ReadAllBytes(Modules.Base);
        for (var length = 1; length < whole.Length; length += 41)
        {
            var path = _folder.Write("a.pt", whole[..length]);
            Assert.StartsWith(
                $"energy.path: {path}: ", Assert.Throws<InputException>(() => ScriptFile.Read(path)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_FlippedBitInAnyEntry_IsRefused()
    {
        using var archive = ZipFile.OpenRead(Modules.Base);
        foreach (var entry in archive.Entries.Where(e => e.Length > 8 && e.CompressedLength == e.Length))
        {
            var bytes = File.ReadAllBytes(Modules.Base);
            using var content = new MemoryStream();
            using (var stream = entry.Open())
            {
                stream.CopyTo(content);
            }

            bytes[bytes.AsSpan().IndexOf(content.ToArray()) + 5] ^= 4;
            AssertRefused(_folder.Write("a.pt", bytes), $"its entry {entry.FullName} does not have its checksum");
        }
    }

    public void Dispose() => _folder.Dispose();

    private static void AssertRefused(string path, string expected)
    {
        var error = Assert.Throws<InputException>(() => ScriptFile.Read(path));
        Assert.StartsWith($"energy.path: {path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
