using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ebm.Deploy.Tests;

/// <summary>The Dockerfile knows the projects, and the overlays its version.</summary>
public sealed partial class ImageTests
{
    private static readonly string Dockerfile = File.ReadAllText(Repository.PathOf("deploy/image/Dockerfile"));

    [Fact]
    public void Dockerfile_BeforeItRestores_HasCopiedEveryProjectFile()
    {
        var before = Dockerfile[..Dockerfile.IndexOf("RUN ", StringComparison.Ordinal)];
        var projects = Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(p => Path.GetRelativePath(Repository.Root, p));

        Assert.All(projects, project => Assert.Contains(
            $"COPY {project} {Path.GetDirectoryName(project)}/packages.lock.json {Path.GetDirectoryName(project)}/\n",
            before, StringComparison.Ordinal));
        Assert.All(
            Directory.GetFiles(Repository.Root, "Directory.*"),
            file => Assert.Contains(Path.GetFileName(file), before, StringComparison.Ordinal));
    }

    [Fact]
    public void Dockerfile_OfTheImage_CopiesExistingFiles() => Assert.All(
        Copied().Matches(Dockerfile).SelectMany(m => m.Groups[1].Value.Split(' ')),
        path => Assert.True(File.Exists(Repository.PathOf(path)) || Directory.Exists(Repository.PathOf(path)), path));

    [Fact]
    public void Dockerfile_RunsAs_TheUserOfTheManifests() =>
        Assert.All(Overlays.Of("local").Silos, silo => Assert.Contains(
            $"USER {silo.Pod.SecurityContext.RunAsUser}:{silo.Pod.SecurityContext.RunAsGroup}\n", Dockerfile,
            StringComparison.Ordinal));

    [Theory]
    [InlineData("local", "0.2.0-dev-cpu", "0.2.0-dev-cpu")]
    [InlineData("production", "0.2.0-dev-cpu", "0.2.0-dev-cuda")]
    public void Overlay_ItsImages_AreOfThisVersion(string overlay, string control, string chains)
    {
        var version = XDocument.Load(Repository.PathOf("Directory.Build.props")).Descendants("Version").Single().Value;
        var tags = Overlays.Of(overlay).Silos.ToDictionary(s => s.Name, s => s.Pod.Containers[0].Image.Split(':')[^1]);

        Assert.Equal((control, chains), (tags["control"], tags["chains"]));
        Assert.All(tags.Values, tag => Assert.StartsWith(version + "-", tag, StringComparison.Ordinal));
    }

    [GeneratedRegex("^COPY (?!--from)(.+) [^ ]+$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}
