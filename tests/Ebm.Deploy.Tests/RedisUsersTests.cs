using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Ebm.Deploy.Tests;

/// <summary>Redis' users may do what silos and consoles do, and nothing else.</summary>
public sealed class RedisUsersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    [Trait("Category", "Long")]
    public async Task Silo_ThatTrainsARun_IsRefusedNothing()
    {
        await using var redis = new RedisOfManifests("local");
        await using var connection = await redis.Connect("silo");
        var settings = new SiloSettings
        {
            Redis = redis.AddressOf("silo"), AccessKeys = redis.Keys, Device = "cpu", Lanes = 1, OperationsPort = 0,
            Address = "127.0.0.2", ListenAddress = "0.0.0.0", SiloPort = RedisOfManifests.FreePort(),
            GatewayPort = RedisOfManifests.FreePort(), Log = "Warning",
        };
        using var silo = ClusterSilo.Build(settings, connection);
        await silo.StartAsync(TestContext.Current.CancellationToken);
        var spec = SpecFile.Load(
            Repository.PathOf("deploy/k8s/submit/run.yaml"), ["learning.rounds=4", "output.checkpointEvery=2"]).Spec;
        var run = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IRunGrain>("moons");
        await run.Submit(new RunSubmission(SpecJson.Write(spec), SpecJson.Digest(spec), null, false));

        var state = await StateAtTheEndOf(run);

        // Where the port that kubectl forwards ends.
        using var forwarded = new TcpClient();
        await forwarded.ConnectAsync(IPAddress.Loopback, settings.GatewayPort, TestContext.Current.CancellationToken);
        await run.Delete();
        await silo.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(RunState.Succeeded, state);
        Assert.Empty(await Refused(redis));
    }

    [Theory]
    [InlineData(
        "silo", "GET other:key", "KEYS ebm*", "FLUSHALL", "CONFIG SET maxmemory 1mb", "ACL LIST", "FUNCTION LIST",
        "PUBLISH other x",
        "EVAL redis.call('GET','other') 0", "SCRIPT FLUSH", "CLIENT KILL TYPE normal")]
    [InlineData(
        "client", "GET ebm:runs", "HGETALL ebm/state/run/x/run", "HSET ebm/members/ebm x y", "DEL ebm/members/ebm",
        "EVAL return 0", "KEYS *",
        "SHUTDOWN", "HSETNX ebm/reminders x y")]
    public async Task User_BeyondItsCommands_IsRefused(string user, params string[] commands)
    {
        await using var redis = new RedisOfManifests("local");
        await using var connection = await redis.Connect(user);
        foreach (var words in commands.Select(c => c.Split(' ')))
        {
            var error = await Assert.ThrowsAsync<RedisServerException>(() => connection.GetDatabase()
                .ExecuteAsync(words[0], [.. words[1..]]));
            Assert.Matches("(?i)no permission|permissions|can't access", error.Message);
        }
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Redis_WithTls_TakesASiloThatTrustsItsAuthorityAndNobodyWhoDoesNot()
    {
        await using var redis = new RedisOfManifests("production");
        var health = $"http://127.0.0.1:{RedisOfManifests.FreePort()}/health/";
        using var silo = Process.Start(
            new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Ebm.Silo.dll")])
        {
            Environment =
            {
                ["EBM_REDIS"] = redis.AddressOf("silo"), ["EBM_DEVICE"] = "cpu", ["EBM_LANES"] = "1",
                ["EBM_LOG"] = "Error", ["EBM_ACCESS_KEYS"] = redis.Keys,
                ["EBM_OPERATIONS_PORT"] = $"{new Uri(health).Port}",
                ["EBM_SILO_PORT"] = $"{RedisOfManifests.FreePort()}",
                ["EBM_GATEWAY_PORT"] = $"{RedisOfManifests.FreePort()}",
                ["SSL_CERT_FILE"] = redis.Authority,
            },
        })!;
        try
        {
            Assert.True(await Answers(health + "startup", silo), "the silo did not become a member over TLS");
            var options = ClusterAddress.Parse(redis.AddressOf("silo")).ToRedis();
            (options.AbortOnConnectFail, options.ConnectRetry, options.ConnectTimeout) = (true, 1, 1000);
            await Assert.ThrowsAsync<RedisConnectionException>(() => ConnectionMultiplexer.ConnectAsync(options));
        }
        finally
        {
            silo.Kill();
            await silo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> Answers(string address, Process server)
    {
        using var http = new HttpClient();
        for (var begun = Stopwatch.StartNew(); begun.Elapsed < Patience && !server.HasExited;
            await Task.Delay(200, TestContext.Current.CancellationToken))
        {
            try
            {
                if ((await http.GetAsync(new Uri(address), TestContext.Current.CancellationToken)).IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
            }
        }

        return false;
    }

    private static async Task<RunState?> StateAtTheEndOf(IRunGrain run)
    {
        var begun = Stopwatch.StartNew();
        while (true)
        {
            var state = (await run.Status())?.State;
            if (state is RunState.Succeeded or RunState.Failed || begun.Elapsed > Patience)
            {
                return state;
            }

            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    // StackExchange.Redis asks for the configuration when it connects, and does without.
    private static async Task<IEnumerable<string>> Refused(RedisOfManifests redis)
    {
        await using var admin = await redis.Connect("admin");
        var log = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("ACL", "LOG"))!;
        return log.Select(entry => string.Join(' ', ((RedisResult[])entry!).Take(12).Select(part => $"{part}")))
            .Where(text => !text.Contains("config|get", StringComparison.Ordinal));
    }
}
