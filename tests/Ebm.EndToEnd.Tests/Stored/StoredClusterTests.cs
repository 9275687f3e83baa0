using System.Text.RegularExpressions;
using Ebm.Client.Local;
using Ebm.EndToEnd.Tests.Console;
using StackExchange.Redis;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>A Redis with runs of an earlier version, whose silos were killed, and silos of this version.</summary>
public sealed partial class StoredClusterTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public static TheoryData<string> Versions => [.. StoredVersion.Names];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _console.Dispose();

    [Theory, MemberData(nameof(Versions))]
    public async Task Start_OverUnfinishedRuns_EndsThemWithTheDigestsOfUndisturbedOnes(string version)
    {
        var stored = new StoredVersion(version);
        await using var cluster = await Start(stored);
        foreach (var run in (string[])["rbm", "moons"])
        {
            if (!await stored.HasBitsOfThisMachine())
            {
                await StopWaiting(cluster, run);
            }

            var ended = await _console.Run(
                ["resume", run, "--cluster", cluster.Address, "--output", "json", .. await stored.Permission()]);

            await stored.AssertEnd(run, ended);
            StoredVersion.AssertResumed(await _console.Run("logs", run, "--cluster", cluster.Address));
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Start_OverFinishedRuns_ShowsThemAndWritesUnderTheSameKeys(string version)
    {
        var stored = new StoredVersion(version);
        await using var cluster = await Start(stored);

        var list = (await _console.Run("list", "--cluster", cluster.Address)).Output;
        var bits = await _console.Run("status", "bits", "--cluster", cluster.Address, "--output", "json");
        var back = await _console.Run("status", "rolled-back", "--cluster", cluster.Address, "--output", "json");
        var checkpoints = await _console.Run("checkpoints", "bits", "--cluster", cluster.Address, "--output", "json");
        var again = await _console.Run(
            "submit", stored.Spec("bits"), "--id", "again", "--from", "parent@20", "--cluster", cluster.Address,
            "--output", "json");

        Assert.Equal(
            ["bits", "moons", "parent", "rbm", "rolled-back"],
            list.Split('\n')[1..^1].Select(row => row.Split('\t')[0]).Order(StringComparer.Ordinal));
        JsonFile.AssertHolds(stored.Said("status-bits-in-cluster.jsonl"), bits.Json);
        JsonFile.AssertHolds(stored.Said("status-rolled-back-in-cluster.jsonl"), back.Json);
        JsonFile.AssertHolds(stored.Said("checkpoints.jsonl"), checkpoints.Json);
        await stored.AssertEnd("bits", again);
        await using var redis = await Connect(new Uri(cluster.Address));
        Assert.Empty((await Keys(redis, "bits")).Except(await Keys(redis, "again")));
    }

    private async Task<LocalCluster> Start(StoredVersion stored)
    {
        var folder = Path.Combine(_console.Folder, "cluster");
        stored.PutDump(Path.Combine(folder, "redis"));
        var cluster = new LocalCluster(new LocalClusterOptions { Silos = 2, Folder = folder });
        try
        {
            await cluster.Start(Cancel);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops a run once it waits for silos that have its bits; before that, nothing can stop it.</summary>
    private async Task StopWaiting(LocalCluster cluster, string run)
    {
        string[] status = ["status", run, "--cluster", cluster.Address];
        for (var tries = 0; !(await _console.Run(status)).Output.Contains("waiting", StringComparison.Ordinal); tries++)
        {
            Assert.True(tries < 60, $"{run} waits for nothing");
            await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        }

        Assert.Equal(0, (await _console.Run("stop", run, "--cluster", cluster.Address)).ExitCode);
    }

    private static async Task<ConnectionMultiplexer> Connect(Uri address) =>
        await ConnectionMultiplexer.ConnectAsync($"{address.Authority},password={address.UserInfo.TrimStart(':')}");

    /// <summary>A run's keys with their types, with * for its id and # for digests.</summary>
    private static async Task<IReadOnlyList<string>> Keys(ConnectionMultiplexer redis, string run)
    {
        var keys = new List<string>();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: $"*{run}*").WithCancellation(Cancel))
        {
            var name = Digest().Replace(key.ToString().Replace(run, "*", StringComparison.Ordinal), "#");
            keys.Add($"{await redis.GetDatabase().KeyTypeAsync(key)} {name}");
        }

        Assert.NotEmpty(keys);
        return keys;
    }

    [GeneratedRegex("[0-9a-f]{16}")]
    private static partial Regex Digest();
}
