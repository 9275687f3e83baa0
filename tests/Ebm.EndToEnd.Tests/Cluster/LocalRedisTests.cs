using Ebm.Client.Local;
using Ebm.Contracts.Cluster;
using Ebm.Silo;
using StackExchange.Redis;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>
/// A local cluster's Redis restarts with its data, less the writes that a loss of power would have taken.
/// </summary>
public sealed class LocalRedisTests : IDisposable
{
    private readonly StandIn _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Kill_OfRedis_RestartsItWithItsDataUnderItsAddress()
    {
        await using var cluster = new LocalCluster(_place.Options);
        await cluster.Start(Cancel);
        var (events, before) = (cluster.Subscribe(), cluster.Redis.Process);
        await Write(cluster, "kept");

        Assert.True(cluster.Redis.Kill());

        Assert.Equal(before, (await StandIn.Heard(events, LocalEventKind.RedisDied)).Process);
        Assert.NotEqual(before, (await StandIn.Heard(events, LocalEventKind.RedisReady)).Process);
        Assert.Equal(["kept"], await Keys(cluster));
    }

    [Fact]
    public async Task AutoRestart_SwitchedOff_LeavesItDownUntilARestart()
    {
        var clock = new ManualClock();
        await using var cluster = new LocalCluster(_place.Options, clock);
        await cluster.Start(Cancel);
        var events = cluster.Subscribe();
        cluster.Redis.AutoRestart = false;
        cluster.Redis.Kill();
        await StandIn.Heard(events, LocalEventKind.RedisDied);
        Assert.False(cluster.Redis.IsReady);
        await cluster.Redis.Restart(Cancel);

        Assert.True(cluster.Redis.IsReady);

        // An automatic restart begins with a pause.
        Assert.Equal(0, clock.Pauses);
    }

    [Fact]
    public async Task CutLog_OfASecond_TakesTheLastWritesAndNoOlderOnes()
    {
        var clock = new ManualClock();
        await using var cluster = new LocalCluster(_place.Options, clock);
        await cluster.Start(Cancel);
        await Write(cluster, "old");
        var later = await Now(cluster) + TimeSpan.FromSeconds(2);

        // The log counts in seconds: between the two writes there is the start of one.
        await Eventually.Holds(async () => await Now(cluster) >= later, () => "The clock of Redis stands still.");
        await Write(cluster, "new");
        clock.SetUtcNow(later);

        await cluster.Redis.CutLog(TimeSpan.FromSeconds(1), Cancel);

        Assert.Equal(["old"], await Keys(cluster));
        await Write(cluster, "later");
        await cluster.Redis.Restart(Cancel);
        Assert.Equal(["later", "old"], await Keys(cluster));
    }

    [Fact]
    public async Task Start_AgainInTheSameFolder_ContinuesWithTheData()
    {
        await using (var first = new LocalCluster(_place.Options))
        {
            await first.Start(Cancel);
            await Write(first, "kept");
        }

        await using var second = new LocalCluster(_place.Options);
        await second.Start(Cancel);

        Assert.Equal(["kept"], await Keys(second));
    }

    private static async Task Write(LocalCluster cluster, string key)
    {
        await using var redis = await Connect(cluster);
        var transaction = redis.GetDatabase().CreateTransaction();
        _ = transaction.StringSetAsync(key, 1);
        _ = transaction.HashSetAsync("fields:" + key, "a", new byte[100_000]);
        Assert.True(await transaction.ExecuteAsync());
    }

    private static async Task<DateTime> Now(LocalCluster cluster)
    {
        await using var redis = await Connect(cluster);
        return await redis.GetServers()[0].TimeAsync();
    }

    private static async Task<string[]> Keys(LocalCluster cluster)
    {
        await using var redis = await Connect(cluster);
        return [.. redis.GetServers()[0].Keys().Select(k => k.ToString())
            .Where(k => !k.StartsWith("fields:", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
    }

    private static async Task<ConnectionMultiplexer> Connect(LocalCluster cluster) =>
        await ConnectionMultiplexer.ConnectAsync(ClusterAddress.Parse(cluster.Address).ToRedis());
}
