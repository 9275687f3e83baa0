using Microsoft.Extensions.Time.Testing;

namespace Ebm.Silo.Tests;

public sealed class ReloadingFileTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new();
    private int _versions;

    [Fact]
    public void Current_AfterAChange_IsTheNewContentOnceTheIntervalIsOver()
    {
        var path = Write("secret", "old");
        var file = new ReloadingFile<string>([path], () => File.ReadAllText(path), _time);
        Write("secret", "new");

        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.Equal("old", file.Current);
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("new", file.Current);
    }

    [Fact]
    public void Current_WithoutAChange_ReadsNothingAgain()
    {
        var path = Write("secret", "old");
        var reads = 0;
        var file = new ReloadingFile<int>([path], () => ++reads, _time);

        _time.Advance(Interval);
        Assert.Equal(1, file.Current);
    }

    [Fact]
    public void Current_WhileAFileIsUnreadable_KeepsTheLastContent()
    {
        var path = Write("secret", "old");
        var file = new ReloadingFile<string>([path], () => File.ReadAllText(path), _time);

        File.Delete(path);
        _time.Advance(Interval);
        Assert.Equal("old", file.Current);

        Write("secret", "new");
        _time.Advance(Interval);
        Assert.Equal("new", file.Current);
    }

    [Fact]
    public void Current_AfterAChangeOfAnyFile_ReadsAllOfThem()
    {
        var (certificate, key) = (Write("certificate", "a"), Write("key", "1"));
        var file = new ReloadingFile<string>(
            [certificate, key], () => File.ReadAllText(certificate) + File.ReadAllText(key), _time);

        Write("key", "2");
        _time.Advance(Interval);

        Assert.Equal("a2", file.Current);
    }

    public void Dispose() => _folder.Dispose();

    // Two writes may have the same time on the file system.
    private string Write(string name, string content)
    {
        var path = _folder.Write(name, content);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddDays(++_versions));
        return path;
    }
}
