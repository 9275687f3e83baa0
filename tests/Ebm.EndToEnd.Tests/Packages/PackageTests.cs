using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Packages;

/// <summary>The packed libraries and the packed tool work outside the repository.</summary>
[Trait("Category", "Long")]
public sealed partial class PackageTests(PackedLibraries packed) : IClassFixture<PackedLibraries>
{
    [Fact]
    public void Libraries_Packed_HaveReadmeDocsLicenceAndCommit() => Assert.All(
        Directory.GetFiles(packed.Packages, "Ebm.*.nupkg").Where(file => !file.Contains("Tool")), file =>
        {
            using var package = ZipFile.OpenRead(file);
            var names = package.Entries.Select(entry => entry.FullName).ToArray();
            var id = VersionOf().Replace(Path.GetFileNameWithoutExtension(file), "");
            Assert.Contains("README.md", names);
            Assert.Contains($"lib/net10.0/{id}.dll", names);
            Assert.Contains($"lib/net10.0/{id}.xml", names);
            using var stream = package.GetEntry($"{id}.nuspec")!.Open();
            var fields = XDocument.Load(stream).Descendants().ToLookup(e => e.Name.LocalName);
            Assert.Equal("MIT", fields["license"].Single().Value);
            Assert.NotEmpty(fields["description"].Single().Value);
            Assert.NotEmpty(fields["repository"].Single().Attribute("commit")!.Value);
        });

    /// <summary>
    /// 4,096 independent chains: the share has a deviation of 0.008, so 0.04 are five deviations. The bracket is three
    /// standard errors wide on each side of two estimates; the value is from numerical integration.
    /// </summary>
    [Fact]
    public async Task DoubleWell_FromThePackages_FindsBothWellsAndLogZ()
    {
        var ended = await packed.Run("DoubleWell.cs");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        var numbers = Number().Matches(ended.Output).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture));
        Assert.Equal(0.5, numbers.First(), 0.04);
        var bracket = Bracket().Match(ended.Output);
        Assert.True(bracket.Success, ended.Output);
        Assert.InRange(-0.0536, Parse(bracket.Groups[1]), Parse(bracket.Groups[2]));

        static double Parse(Group group) => double.Parse(group.Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task TwoMoons_FromThePackages_TrainsAnOwnEnergyAndDrawsIt()
    {
        var ended = await packed.Run("TwoMoons.cs");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Contains("round 1000: ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("######", ended.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(packed.Clean, "two-moons.safetensors")));
    }

    [Fact]
    public async Task Score_FromThePackages_OpensARunOfEbmTrain()
    {
        using var console = new EbmConsole();
        _ = await console.Train(SmallSpecs.Mlp(console), "--id", "plane");

        var ended = await packed.Run("Score.cs", Path.Combine(console.Home, "plane"));

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.StartsWith("plane, round 30: 2 numbers a row", ended.Output, StringComparison.Ordinal);
        Assert.Matches(@"row 1: energy -?\d", ended.Output);
    }

    [Fact]
    public async Task Tool_Installed_TrainsWithTheBitsOfTheConsole()
    {
        await packed.Pack("Ebm.Client");
        var tools = Path.Combine(packed.Clean, "tools");
        var installed = await packed.Dotnet(
            packed.Clean, "tool", "install", "Ebm.Tool", "--prerelease", "--tool-path", tools);
        Assert.True(installed.ExitCode == 0, installed.ToString());
        using var console = new EbmConsole();
        var spec = SmallSpecs.Mlp(console);
        var expected = await console.Train(spec, "--id", "console");

        using var tool = new EbmConsole { Command = Path.Combine(tools, "ebm") };
        var result = await tool.Train(spec, "--id", "tool");

        Assert.Equal(
            expected.GetProperty("stateSha256").GetString(), result.GetProperty("stateSha256").GetString());
    }

    [GeneratedRegex(@"\.\d+\.\d+\.\d+.*$")]
    private static partial Regex VersionOf();

    [GeneratedRegex(@"-?\d+\.\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"log Z is in \[(-?[\d.]+), (-?[\d.]+)\], certified: True")]
    private static partial Regex Bracket();
}
