using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>Run folders and a Redis dump of an earlier version. The make.sh of its folder made them.</summary>
internal sealed class StoredVersion(string name)
{
    private const string Project = "Ebm.EndToEnd.Tests";

    private static readonly string Root = Path.Combine(Repository.Root, "tests", Project, "Stored");

    private static readonly Lazy<Task<string>> NumericsHere = new(ReadNumericsHere);

    private readonly JsonElement _expected = JsonFile.Read(Path.Combine(Root, name, "expected.json"))[0];

    /// <summary>The names of all stored versions.</summary>
    public static IReadOnlyList<string> Names =>
        [.. Directory.GetDirectories(Root, "v*").Select(folder => Path.GetFileName(folder))];

    /// <summary>Whether this machine computes the bits of the machine that made the runs.</summary>
    public async Task<bool> HasBitsOfThisMachine() =>
        _expected.GetProperty("numerics").GetString() == await NumericsHere.Value;

    /// <summary>The option that a run of other bits needs here.</summary>
    public async Task<string[]> Permission() => await HasBitsOfThisMachine() ? [] : ["--allow-new-hardware"];

    /// <summary>The path of a file of the version.</summary>
    public string PathOf(params string[] names) => Path.Combine([Root, name, .. names]);

    /// <summary>The spec of a run.</summary>
    public string Spec(string run) => PathOf("specs", run + ".yaml");

    /// <summary>The JSON lines that the version's console printed into a file.</summary>
    public IReadOnlyList<JsonElement> Said(string file) => JsonFile.Read(PathOf("said", file));

    /// <summary>Unpacks the run folders into a folder of runs.</summary>
    public async Task Unpack(string home)
    {
        Directory.CreateDirectory(home);
        await using var packed = new GZipStream(File.OpenRead(PathOf("runs.tar.gz")), CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(packed, home, overwriteFiles: false, Cancel);
    }

    /// <summary>Puts the Redis dump into Redis' folder as the base of its append-only file.</summary>
    public void PutDump(string redis)
    {
        var folder = Directory.CreateDirectory(Path.Combine(redis, "appendonlydir")).FullName;
        File.Copy(PathOf("redis.rdb"), Path.Combine(folder, "appendonly.aof.1.base.rdb"));
        File.WriteAllText(
            Path.Combine(folder, "appendonly.aof.manifest"), "file appendonly.aof.1.base.rdb seq 1 type b\n");
    }

    /// <summary>Asserts that a run succeeded, with the digests of the version where the bits are the same.</summary>
    public async Task AssertEnd(string run, Ended ended)
    {
        Assert.True(ended.ExitCode == 0, ended.ToString());
        var result = ended.Json[^1];
        Assert.Equal("succeeded", result.GetProperty("state").GetString());
        if (await HasBitsOfThisMachine())
        {
            Assert.All(
                _expected.GetProperty("runs").GetProperty(run).EnumerateObject(),
                digest => Assert.Equal(digest.Value.GetString(), result.GetProperty(digest.Name).GetString()));
        }
    }

    /// <summary>Asserts that the console printed the resumption of a run, which did not begin again.</summary>
    public static void AssertResumed(Ended ended)
    {
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Matches("checkpoint of round [1-9]", ended.Output);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<string> ReadNumericsHere()
    {
        using var console = new EbmConsole();
        await console.Train(SmallSpecs.Mlp(console), "--set", "learning.rounds=1");
        var manifest = Directory.GetFiles(console.Home, "manifest.json", SearchOption.AllDirectories).Single();
        return JsonFile.Read(manifest)[0].GetProperty("numerics").GetString()!;
    }
}
