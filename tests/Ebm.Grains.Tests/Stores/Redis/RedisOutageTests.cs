using System.Net;
using System.Net.Sockets;
using Ebm.Core;
using Ebm.Core.Rounds;
using Ebm.Grains.Stores;
using Ebm.Grains.Stores.Redis;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using static Ebm.Grains.Tests.Stores.Redis.RedisStores;

namespace Ebm.Grains.Tests.Stores.Redis;

/// <summary>
/// While Redis is away or refuses writes, a call waits and the health reports the reason; then the call succeeds.
/// </summary>
public sealed class RedisOutageTests
{
    [Fact]
    public async Task Commit_WithRedisKilledAndStartedAgain_WaitsAndSucceeds()
    {
        // An answer means that the write is in the log, which a kill leaves alone.
        await using var server = await RedisServer.Start("--appendfsync", "always");
        await using var redis = await On(server);
        var epoch = await Begin(redis);
        await redis.Replay.Commit(Shard, Commit(epoch, 1, 1));
        server.Kill();

        var commit = redis.Replay.Commit(Shard, Commit(epoch, 2, 2));
        await Waits(redis, commit, $"Redis does not answer at {server.Address}");
        Assert.InRange(
            redis.Health.Since!.Value, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());

        // It has none of the scripts any more.
        await server.Restart();
        await Succeeds(redis, commit);
        Assert.Equal(2, (await redis.Replay.Read(Shard))!.Position.Round);
    }

    [Fact]
    public async Task Commit_WithScriptsForgotten_SendsThemAgain()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var epoch = await Begin(redis);
        await redis.Replay.Commit(Shard, Commit(epoch, 1, 1));
        await redis.Database.ExecuteAsync("SCRIPT", "FLUSH");
        Assert.Equal(WriteVerdict.Accepted, await redis.Replay.Commit(Shard, Commit(epoch, 2, 1)));
        Assert.Null(redis.Health.Waiting);
    }

    [Fact]
    public async Task Commit_WithRedisPaused_WaitsAndIsDoneOnce()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var epoch = await Begin(redis);
        server.Pause();
        var commit = redis.Replay.Commit(Shard, Commit(epoch, 1, 2));
        await Waits(redis, commit, $"Redis does not answer at {server.Address}");
        server.Resume();

        // The first try may have been done while nobody waited for it any more.
        Assert.True(await commit.WaitAsync(
            TimeSpan.FromSeconds(20),
            TestContext.Current.CancellationToken) is WriteVerdict.Accepted or WriteVerdict.AlreadyStored);
        Assert.Null(redis.Health.Waiting);
        Assert.Equal(1, (await redis.Replay.Read(Shard))!.Position.Round);
    }

    [Fact]
    public async Task Commit_WithMemoryFull_WaitsAndReportsItWhileReadsSucceed()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var epoch = await Begin(redis);
        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "1000");
        var before = await redis.Everything();
        var commit = redis.Replay.Commit(Shard, Commit(epoch, 1, 2));
        const string Reason = "Redis is out of memory (maxmemory reached): give it more, or delete runs";
        await Waits(redis, commit, Reason);
        Assert.Equal(Fresh(), (await redis.Replay.Read(Shard))!.Slots);
        Assert.Equal(Reason, redis.Health.Waiting);
        Assert.Equal(before, await redis.Everything());

        await redis.Database.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await Succeeds(redis, commit);
    }

    [Fact]
    public async Task Commit_OnAReadOnlyReplica_WaitsForAMaster()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var epoch = await Begin(redis);
        await redis.Database.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        var commit = redis.Replay.Commit(Shard, Commit(epoch, 1, 2));
        await Waits(redis, commit, $"Redis at {server.Address} is a read-only replica: name its master");
        await redis.Connection.GetServers()[0].ExecuteAsync("REPLICAOF", "NO", "ONE");
        await Succeeds(redis, commit);
    }

    /// <summary>
    /// One that was a replica from the start: the client does not even send it what it knows to be a write.
    /// </summary>
    [Fact]
    public async Task Register_OnAReadOnlyReplica_WaitsForAMaster()
    {
        await using var server = await RedisServer.Start("--replicaof", "127.0.0.1 1");
        await using var redis = await On(server);
        var register = redis.Catalogue.Register(Run);
        await Waits(redis, register, $"Redis at {server.Address} is a read-only replica: name its master");
        await redis.Connection.GetServers()[0].ExecuteAsync("REPLICAOF", "NO", "ONE");
        await register.WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        Assert.Equal([Run], await redis.Catalogue.Runs());
    }

    /// <summary>A folder where the snapshot should go makes every snapshot fail, root or not.</summary>
    [Fact]
    public async Task Commit_WithAFullDisk_WaitsAndReportsIt()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        var epoch = await Begin(redis);
        var obstacle = Directory.CreateDirectory(Path.Combine(server.Folder, "dump.rdb")).FullName;
        await redis.Database.ExecuteAsync("CONFIG", "SET", "save", "3600 1000000");
        await redis.Database.ExecuteAsync("BGSAVE");
        var persistence = "";
        await Eventually.Holds(
            async () =>
            {
                persistence = (string)(await redis.Database.ExecuteAsync("INFO", "persistence"))!;
                return persistence.Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal);
            },
            () => $"The snapshot did not fail:\n{persistence}");

        var commit = redis.Replay.Commit(Shard, Commit(epoch, 1, 2));
        await Waits(redis, commit, "Redis cannot write to its disk and takes nothing: its log says why");
        Directory.Delete(obstacle);
        await redis.Database.ExecuteAsync("BGSAVE");
        await Succeeds(redis, commit);
    }

    [Fact]
    public async Task Commit_WithAnotherPassword_WaitsAndReportsIt()
    {
        await using var server = await RedisServer.Start("--requirepass", "secret");
        await using var operators = await On(server, ",password=secret");
        var epoch = await Begin(operators);
        await using var redis = await On(server, ",password=other");
        var commit = redis.Replay.Commit(Shard, Commit(epoch, 1, 2));
        await Waits(redis, commit, $"Redis at {server.Address} refuses the password: check it");
        await operators.Database.ExecuteAsync("CONFIG", "SET", "requirepass", "other");
        await Succeeds(redis, commit);
    }

    /// <summary>
    /// Answers that are hard to bring about: they pass by themselves, so a call waits for them as well.
    /// </summary>
    [Theory]
    [InlineData(RedisErrorKind.Loading, "Redis at host:1 is loading its data")]
    [InlineData(RedisErrorKind.Busy, "Redis at host:1 is busy with another script")]
    [InlineData(RedisErrorKind.MasterDown, "Redis at host:1 is a replica that has lost its master")]
    [InlineData(RedisErrorKind.ClusterDown, "The Redis cluster does not serve all its slots")]
    [InlineData(RedisErrorKind.NoAuth, "Redis at host:1 refuses the password: check it")]
    [InlineData(RedisErrorKind.WrongPass, "Redis at host:1 refuses the password: check it")]
    [InlineData(RedisErrorKind.MaxClients, "Redis at host:1 has as many clients as it takes (maxclients)")]
    [InlineData(RedisErrorKind.WrongType, null)]
    [InlineData(RedisErrorKind.NoPermission, null)]
    [InlineData(RedisErrorKind.CrossSlot, null)]
    public void Reason_OfAnErrorAnswer_IsASentenceWhereItPasses(RedisErrorKind kind, string? sentence) => Assert.Equal(
        sentence, RedisFailures.Reason(new RedisServerException(kind, CommandFlags.None, "x"), "host:1"));

    [Fact]
    public async Task Read_OfAServerThatIsNoRedis_ReportsItAndEndsWithTheSilo()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Serve(listener);
        var address = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        using var lifetime = new Lifetime();
        var health = new StoreHealth(TimeProvider.System);
        await using (var connection = await RedisServer.Connect(address, ""))
        {
            var calls = new RedisCalls(connection, health, new RedisMetrics(), TimeProvider.System, lifetime);
            var read = calls.Read(db => db.StringGetAsync("x"));
            await Waits(health, read, $"What answers at {address} is no Redis");
            lifetime.StopApplication();
            var e = await Assert.ThrowsAsync<StoreUnavailableException>(
                () => read.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            Assert.Contains("is no Redis; this silo stops", e.Message, StringComparison.Ordinal);
        }

        listener.Stop();
        await serving;
    }

    /// <summary>A permanent error is reported at once, in words for the user.</summary>
    [Fact]
    public async Task Read_OfAKeyOfAnotherKind_IsAnError()
    {
        await using var server = await RedisServer.Start();
        await using var redis = await On(server);
        await redis.Database.ListRightPushAsync(redis.Keys.Shard(Shard), "x");
        var e = await Assert.ThrowsAsync<EbmException>(() => redis.Replay.Read(Shard));
        Assert.StartsWith(
            $"Redis at {server.Address} does not do what was asked: WRONGTYPE", e.Message, StringComparison.Ordinal);
        Assert.Null(redis.Health.Waiting);
    }

    private static async Task<long> Begin(RedisStores redis)
    {
        var epoch = await redis.Fence.Raise(Run, 1);
        await redis.Replay.Rewind(Shard, new RewindOrder(epoch, 0, 0), Fresh(), Bytes);
        return epoch;
    }

    private static Task Waits(RedisStores redis, Task call, string reason) => Waits(redis.Health, call, reason);

    private static async Task Waits(StoreHealth health, Task call, string reason)
    {
        var reported = new HashSet<string>();
        await Eventually.Holds(
            () =>
            {
                Assert.False(call.IsCompleted, Report());
                reported.Add(health.Waiting ?? "nothing");
                return health.Waiting == reason;
            },
            Report);

        string Report() => $"Expected to wait for '{reason}'; reported: {string.Join(", ", reported)}.";
    }

    private static async Task Succeeds(RedisStores redis, Task<WriteVerdict> commit)
    {
        Assert.Equal(
            WriteVerdict.Accepted,
            await commit.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.Null(redis.Health.Waiting);
    }

    private static async Task Serve(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
