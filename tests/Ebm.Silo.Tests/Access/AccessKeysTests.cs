using Ebm.Contracts.Access;
using Ebm.Core;
using Ebm.Silo.Access;
using Microsoft.Extensions.Time.Testing;

namespace Ebm.Silo.Tests.Access;

public sealed class AccessKeysTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Read_AFileWithComments_GivesItsKeysInOrder()
    {
        var (first, second) = (AccessKey.New("first"), AccessKey.New("second"));
        var keys = AccessKeys.Read(_folder.Write("keys", $"# rotated in May\n{first.Line}\n\n  {second.Line}\n")).Keys;

        Assert.Equal(["first", "second"], keys.Select(k => k.Name));
        Assert.Equal(second.Secret, keys[1].Secret);
    }

    [Theory]
    [InlineData("", "has no key")]
    [InlineData("# nothing\n", "has no key")]
    [InlineData("GOOD\nalone\n", "line 2: not a key")]
    [InlineData("short AAAA\n", "line 1: not a key")]
    [InlineData("name !!!!\n", "line 1: not a key")]
    [InlineData("GOOD\nGOOD\n", "two keys of the same name")]
    public void Read_ABadFile_NamesItsFault(string content, string expected)
    {
        var good = AccessKey.New("good").Line;
        var path = _folder.Write("keys", content.Replace("GOOD", good, StringComparison.Ordinal));

        var e = Assert.Throws<InputException>(() => AccessKeys.Read(path));

        Assert.Contains($"access-keys: {path}", e.Message, StringComparison.Ordinal);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(good.Split(' ')[1], e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsSilo_AMark_IsAcceptedFromAnyKeyOfTheClusterAlone()
    {
        var (old, @new, foreign) = (AccessKey.New("old"), AccessKey.New("new"), AccessKey.New("old"));
        var rotated = new KeySet([@new, old]);

        Assert.True(rotated.IsSilo(rotated.Mark));
        Assert.True(rotated.IsSilo(new KeySet([old]).Mark));
        Assert.False(rotated.IsSilo(new KeySet([foreign]).Mark));
        Assert.False(rotated.IsSilo([]));
        Assert.False(rotated.IsSilo(null));
    }

    /// <summary>
    /// Kubernetes mounts a Secret as links to a folder that is a link too; a change puts another folder in its place.
    /// </summary>
    [Fact]
    public async Task Current_OfAMountedSecretThatIsChanged_HasTheNewKeys()
    {
        Mount("1", AccessKey.New("first").Line);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "keys"), "..data/keys");
        var time = new FakeTimeProvider();
        var tokens = new AccessTokens(new AccessKeys(Path.Combine(_folder.Path, "keys"), time), "ebm", time);
        var old = tokens.Make("a", Role.Read, TimeSpan.FromDays(1));
        Assert.Null((await tokens.Read(old)).Problem);

        Mount("2", AccessKey.New("second").Line);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("bad_token", (await tokens.Read(old)).Problem);
        Assert.Null((await tokens.Read(tokens.Make("a", Role.Read, TimeSpan.FromDays(1)))).Problem);
    }

    public void Dispose() => _folder.Dispose();

    private void Mount(string version, string keys)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, version));
        var file = _folder.Write(Path.Combine(version, "keys"), keys);
        File.SetLastWriteTimeUtc(
            file, DateTime.UnixEpoch.AddDays(int.Parse(version, System.Globalization.CultureInfo.InvariantCulture)));
        File.Delete(Path.Combine(_folder.Path, "..data"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "..data"), version);
    }
}
