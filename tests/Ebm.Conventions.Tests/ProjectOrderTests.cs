using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ebm.Core;

namespace Ebm.Conventions.Tests;

/// <summary>Projects depend one way, and Core on TorchSharp alone.</summary>
public sealed partial class ProjectOrderTests
{
    /// <summary>Every project with the projects that it may refer to; each stands after those.</summary>
    private static readonly (string Project, string[] References)[] Order =
    [
        ("Ebm.Core", []),
        ("Ebm.Configuration", ["Ebm.Core"]),
        ("Ebm.Data", ["Ebm.Configuration"]),
        ("Ebm.RunFolders", ["Ebm.Data"]),
        ("Ebm.Reporting", ["Ebm.Core"]),
        ("Ebm.ScriptProbe", ["Ebm.Core"]),
        ("Ebm.Contracts", ["Ebm.Core"]),
        ("Ebm.Grains", ["Ebm.Contracts", "Ebm.Data", "Ebm.Reporting", "Ebm.RunFolders", "Ebm.ScriptProbe"]),
        ("Ebm.Silo", ["Ebm.Grains"]),
        ("Ebm.Client", ["Ebm.Silo"]),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Order.Length)];

    private static string Folder(string project) => Repository.PathOf($"src/{project}");

    [Fact]
    public void Projects_InTheSourceFolder_AreThoseOfTheOrder() => Assert.Equal(
        Order.Select(o => o.Project).Order(StringComparer.Ordinal),
        Directory.GetDirectories(Repository.PathOf("src")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void Solution_OfTheRepository_HasEveryProject()
    {
        var solution = File.ReadAllText(Repository.PathOf("Ebm.sln")).Replace('\\', '/');

        Assert.All(
            from folder in new[] { "src", "tests" }
            from path in Directory.GetDirectories(Repository.PathOf(folder))
            let project = Path.GetFileName(path)
            where project.StartsWith("Ebm.", StringComparison.Ordinal)
            select $"\"{folder}/{project}/{project}.csproj\"",
            project => Assert.Contains(project, solution, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Project_References_AreThoseOfTheOrder(int index)
    {
        var (project, expected) = Order[index];
        var references = XDocument.Load(Path.Combine(Folder(project), project + ".csproj"))
            .Descendants("ProjectReference")
            .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));

        Assert.Equal(expected, references);
        Assert.All(expected, e => Assert.Contains(e, Order[..index].Select(o => o.Project)));
    }

    [Fact]
    public void Core_PackageReferences_AreTorchSharpAndItsLibraries()
    {
        var packages = XDocument.Load(Path.Combine(Folder("Ebm.Core"), "Ebm.Core.csproj"))
            .Descendants("PackageReference")
            .Where(p => p.Attribute("PrivateAssets") is null)
            .Select(p => p.Attribute("Include")!.Value);

        Assert.Equal(["TorchSharp", "libtorch-cpu-linux-x64", "TorchSharp-cuda-linux"], packages);
    }

    [Fact]
    public void Core_CompiledReferences_AreTheFrameworkAndWhatTorchSharpBrings()
    {
        var foreign = typeof(EbmException).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal));

        // TorchSharp depends on SharpZipLib itself; ScriptFile takes its CRC-32 from there.
        Assert.Equal(["ICSharpCode.SharpZipLib", "TorchSharp"], foreign.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Indices))]
    public void Sources_OfAProject_NameNoLaterProject(int index)
    {
        var later = Order[(index + 1)..].Select(o => o.Project).Except(References(index)).ToHashSet();
        var naming =
            from file in Repository.Sources($"src/{Order[index].Project}")
            from line in File.ReadLines(file).Select((text, i) => (text, number: i + 1))
            where !line.text.Contains("InternalsVisibleTo", StringComparison.Ordinal)
            from Match name in ProjectName().Matches(line.text)
            where later.Contains(name.Value)
            select $"{Repository.NameOf(file)}:{line.number}: {line.text.Trim()}";

        Assert.Empty(naming);
    }

    private static string[] References(int index) => Order[index].References;

    [GeneratedRegex(
        @"\bEbm\.(Core|Configuration|Data|RunFolders|Reporting|ScriptProbe|Contracts|Grains|Silo|Client)\b")]
    private static partial Regex ProjectName();
}
