using System.Text.RegularExpressions;

namespace Ebm.Conventions.Tests;

/// <summary>The folders of Core know each other one way: a folder uses those before it, and none after it.</summary>
public sealed partial class FolderOrderTests
{
    private static readonly string[] Order =
    [
        "", "Native", "States", "Spec", "Randomness", "Plans", "Datasets",
        "Energies", "Energies.Layers", "Energies.Networks", "Energies.Bases", "Energies.Boltzmann",
        "Energies.Pairwise", "Energies.TorchScript", "Energies.Assemblies",
        "Sampling", "Sampling.Continuous", "Sampling.Discrete", "Sampling.Tempering", "Registry",
        "Diagnostics", "Replay", "Recovery", "Rounds", "Learning", "Checkpoints", "Rollbacks",
        "Evaluation", "Likelihood", "Training", "Export", "Benchmarks",
    ];

    private const string Root = "src/Ebm.Core";

    [Fact]
    public void Folders_OfCore_AreThoseOfTheOrder() => Assert.Equal(
        Order.Order(StringComparer.Ordinal),
        Repository.Sources(Root).Select(FolderOf).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Files_OfCore_UseNoLaterFolder()
    {
        var upward =
            from file in Repository.Sources(Root)
            let place = Array.IndexOf(Order, FolderOf(file))
            from Match name in Namespaces().Matches(File.ReadAllText(file))
            where PlaceOf(name.Groups[1].Value) > place
            select $"{Repository.NameOf(file)} uses {name.Value}";

        Assert.Empty(upward);
    }

    [Fact]
    public void Files_OfCore_LieInTheirNamespace() => Assert.All(Repository.Sources(Root), file =>
        Assert.Contains(
            $"\nnamespace Ebm.Core{(FolderOf(file) is { Length: > 0 } folder ? "." + folder : "")};",
            "\n" + File.ReadAllText(file), StringComparison.Ordinal));

    /// <summary>The place of a namespace, or of the one that holds the type named.</summary>
    private static int PlaceOf(string name) =>
        Array.IndexOf(Order, name) is var place and >= 0
            ? place
            : Array.IndexOf(Order, name[..Math.Max(0, name.LastIndexOf('.'))]);

    private static string FolderOf(string file) =>
        Path.GetRelativePath(Repository.PathOf(Root), Path.GetDirectoryName(file)!) is var folder and not "."
            ? folder.Replace('/', '.') : "";

    [GeneratedRegex(@"^using (?:static )?Ebm\.Core\.([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespaces();
}
