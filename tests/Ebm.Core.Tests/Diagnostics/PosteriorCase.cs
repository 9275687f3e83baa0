using System.Text.Json;
using Ebm.Core.Diagnostics;

namespace Ebm.Core.Tests.Diagnostics;

/// <summary>Draws, and what R's package posterior says of them; posterior-cases.R makes the file.</summary>
internal sealed record PosteriorCase(string Name, double? Rhat, double? EssBulk, double? EssTail, double[][] Chains)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static IReadOnlyDictionary<string, PosteriorCase> All { get; } = Read().ToDictionary(c => c.Name);

    public ChainDraws Draws() => new(Chains.Length, [.. Chains.SelectMany(c => c)]);

    private static PosteriorCase[] Read()
    {
        var path = Path.Combine(Repository.Root, "tests/Ebm.Core.Tests/Diagnostics/posterior-cases.json");
        using var file = JsonDocument.Parse(File.ReadAllText(path));
        return file.RootElement.GetProperty("cases").Deserialize<PosteriorCase[]>(Options)!;
    }
}
