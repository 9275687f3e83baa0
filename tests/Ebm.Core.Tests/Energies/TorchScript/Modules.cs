using System.IO.Compression;
using System.Text;

namespace Ebm.Core.Tests.Energies.TorchScript;

/// <summary>
/// TorchScript files without Python: <c>base.pt</c>, and archives like it with other code or content. Its parameters
/// are <c>out</c> [8] (also under the name <c>again</c>), <c>first.weight</c> [8, 2] and <c>first.bias</c> [8];
/// <c>frozen</c> [2] is not trained, <c>statistic</c> [2] is a buffer, <c>calls</c> a number.
/// </summary>
internal static class Modules
{
    private const string Code = "__torch__.py",
        Begin = "  def forward(self: __torch__.Base,\n    x: Tensor) -> Tensor:\n";

    /// <summary>The file that all others are made of.</summary>
    public static string Base { get; } =
        Path.Combine(Repository.Root, "tests", "Ebm.Core.Tests", "Energies", "TorchScript", "base.pt");

    /// <summary>
    /// The bytes of some of its tensors, one after the other: "0" is out, "3" first.weight, "4" first.bias.
    /// </summary>
    public static byte[] Data(params string[] names)
    {
        using var source = ZipFile.OpenRead(Base);
        using var all = new MemoryStream();
        foreach (var name in names)
        {
            using var stream = source.GetEntry($"base/data/{name}")!.Open();
            stream.CopyTo(all);
        }

        return all.ToArray();
    }

    /// <summary>The same module with another body of <c>forward(self, x)</c>.</summary>
    public static byte[] WithForward(string body, bool training = false) => WithCode(
        code => code[..code.IndexOf(Begin, StringComparison.Ordinal)] + Begin
            + string.Concat(body.Split('\n').Select(line => $"    {line}\n")),
        training);

    /// <summary>The same module with other code, saved in train mode where that is said.</summary>
    public static byte[] WithCode(Func<string, string> change, bool training = false) =>
        With((name, content) => name switch
        {
            Code => Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(content))),
            "data.pkl" when training => InTraining(content),
            _ => content,
        });

    /// <summary>
    /// The same archive with entries changed, or left out where null is returned; names are without the first folder.
    /// </summary>
    public static byte[] With(Func<string, byte[], byte[]?> change)
    {
        using var result = new MemoryStream();
        using (var source = ZipFile.OpenRead(Base))
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            // Their line numbers belong to the old code. Nothing reads them.
            foreach (var entry in source.Entries.Where(e => !e.Name.EndsWith(".debug_pkl", StringComparison.Ordinal)))
            {
                using var stream = entry.Open();
                using var content = new MemoryStream();
                stream.CopyTo(content);
                var name = entry.FullName["base/".Length..]
                    .Replace("code/__torch__.py", Code, StringComparison.Ordinal);
                if (change(name, content.ToArray()) is { } changed)
                {
                    using var written = target.CreateEntry(entry.FullName, CompressionLevel.NoCompression).Open();
                    written.Write(changed);
                }
            }
        }

        return result.ToArray();
    }

    /// <summary>Another pickled description of the module's tensors.</summary>
    public static byte[] WithPickled(Func<string, string> change, int dataFactor = 1) => With((name, content) =>
        name == "data.pkl" ? Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(content)))
        : name.StartsWith("data/", StringComparison.Ordinal)
            ? [.. Enumerable.Repeat(content, dataFactor).SelectMany(c => c)]
        : content);

    /// <summary>In the pickled state the name 'training' is followed by a memo (two bytes) and False (0x89).</summary>
    private static byte[] InTraining(byte[] pickled)
    {
        pickled[pickled.AsSpan().IndexOf("training"u8) + "training".Length + 2] = 0x88;
        return pickled;
    }
}
