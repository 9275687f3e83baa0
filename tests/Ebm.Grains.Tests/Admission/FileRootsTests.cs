using Ebm.Core;
using Ebm.Grains.Admission;

namespace Ebm.Grains.Tests.Admission;

public sealed class FileRootsTests : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("ebm-roots-").FullName;

    public FileRootsTests()
    {
        foreach (var folder in new[] { "data/images/cat", "other", "database" })
        {
            Directory.CreateDirectory(Path.Combine(_top, folder));
        }

        foreach (var file in new[] { "data/a", "data/images/cat/1.png", "other/secret", "database/b" })
        {
            File.WriteAllText(Path.Combine(_top, file), "1\n");
        }

        Link("data/inside", "a");
        Link("data/outside", "../other/secret");
        Link("data/absolute", Path.Combine(_top, "other"));
        Link("data/chain", "outside");
        Link("data/circle", "circle");
        Link("alias", "data");
        Directory.CreateDirectory(Path.Combine(_top, "data/mixed/dog"));
        Link("data/mixed/dog/1.png", Path.Combine(_top, "other/secret"));
        Directory.CreateDirectory(Path.Combine(_top, "data/flat"));
        Link("data/flat/1.png", "../../other/secret");
    }

    [Theory]
    [InlineData("data/a")]
    [InlineData("data/inside")]
    [InlineData("data/images")]
    [InlineData("data/not/there")]
    [InlineData("data/images/../a")]
    [InlineData("alias/a")]
    public void Check_OfAFileInARoot_Passes(string path) => Roots().Check("data.path", Path.Combine(_top, path));

    [Theory]
    [InlineData("other/secret")]
    [InlineData("database/b")]
    [InlineData("data/../other/secret")]
    [InlineData("data/outside")]
    [InlineData("data/absolute/secret")]
    [InlineData("data/absolute")]
    [InlineData("data/chain")]
    [InlineData("data/circle")]
    [InlineData("data/mixed")]
    [InlineData("data/flat")]
    [InlineData("data")]
    [InlineData("not/there")]
    public void Check_OfAFileOrLinkElsewhere_RefusesAndRevealsNothing(string path)
    {
        var refused = Assert.Throws<InputException>(() => Roots().Check("data.path", Path.Combine(_top, path)));
        Assert.StartsWith(
            $"data.path: {Path.Combine(_top, path)} lies outside", refused.Message, StringComparison.Ordinal);
        Assert.True(path.Contains("other", StringComparison.Ordinal)
            || !refused.Message.Contains("/other", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_WithARootThatIsALink_FollowsItToo() =>
        FileRoots.Parse($"/nowhere:{_top}/alias")!.Check("data.path", Path.Combine(_top, "data/a"));

    [Theory]
    [InlineData("")]
    [InlineData("data")]
    [InlineData("/data:data")]
    [InlineData(":")]
    public void Parse_OfATextThatIsNoListOfFolders_IsNull(string text) => Assert.Null(FileRoots.Parse(text));

    [Fact]
    public void Check_Anywhere_LetsEverythingPass() => FileRoots.Parse("any")!.Check("data.path", "/etc/shadow");

    public void Dispose() => Directory.Delete(_top, recursive: true);

    private FileRoots Roots() => FileRoots.Parse(Path.Combine(_top, "data"))!;

    private void Link(string path, string target) => File.CreateSymbolicLink(Path.Combine(_top, path), target);
}
