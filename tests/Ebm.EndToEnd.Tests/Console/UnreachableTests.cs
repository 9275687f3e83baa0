using System.Net;
using System.Net.Sockets;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>A cluster that does not answer: exit code 6, and a sentence for each of the reasons.</summary>
public sealed class UnreachableTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task List_ClosedPort_ReportsThatThereIsNoRedis()
    {
        var port = RedisServer.FreePort();
        await Refused($"redis://127.0.0.1:{port}", $"there is no Redis at 127.0.0.1:{port} (Connection refused)");
    }

    [Fact]
    public async Task List_APortWithAnotherProtocol_ReportsThatItIsNoRedis()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var answering = Answer(listener, "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        await Refused(
            $"redis://127.0.0.1:{port}", $"something listens at 127.0.0.1:{port} and does not answer as a Redis does");
        listener.Stop();
        await answering;
    }

    [Fact]
    public async Task List_ARedisWithoutSilos_ReportsThatNoSiloIsThere()
    {
        using var redis = await RedisServer.Start(_console.Folder);
        await Refused($"redis://127.0.0.1:{redis.Port}", "no silo with a gateway is entered there");
    }

    [Theory]
    [InlineData("", "Redis wants a password and the address has none")]
    [InlineData(":wrong@", "Redis refuses the password")]
    [InlineData(":right@", "no silo with a gateway is entered there")]
    public async Task List_ARedisWithAPassword_ReportsTheErrorOfTheAddress(string login, string expected)
    {
        using var redis = await RedisServer.Start(_console.Folder, "right");
        var ended = await Refused($"redis://{login}127.0.0.1:{redis.Port}", expected);

        Assert.DoesNotContain("right@", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong@", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithPatienceForARedisThatComesLater_WaitsForIt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var ended = List($"redis://127.0.0.1:{port}");
        (await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().Within()).Dispose();
        listener.Stop();
        using var redis = await RedisServer.Start(_console.Folder, "right", port);

        Assert.Contains("Redis wants a password", (await ended.Within()).Errors, StringComparison.Ordinal);
    }

    /// <summary>Waiting does not make a wrong password right: the patience is much longer than the test is.</summary>
    [Fact]
    public async Task List_WithPatienceAndAWrongPassword_DoesNotWait()
    {
        using var redis = await RedisServer.Start(_console.Folder, "right");
        var ended = await List($"redis://:wrong@127.0.0.1:{redis.Port}").Within();

        Assert.Equal(6, ended.ExitCode);
    }

    [Fact]
    public async Task List_WithJson_EndsWithAResultThatHasTheError()
    {
        var ended = await _console.Run(
            "list", "--cluster", $"redis://127.0.0.1:{RedisServer.FreePort()}", "--connect-timeout", "0", "--output",
            "json");

        Assert.Equal(6, ended.Json[^1].GetProperty("exitCode").GetInt32());
        Assert.Contains("there is no Redis", ended.Json[^1].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private Task<Ended> List(string cluster) =>
        _console.Run("list", "--cluster", cluster, "--connect-timeout", $"{10 * Eventually.Limit.TotalSeconds:0}");

    private async Task<Ended> Refused(string cluster, string expected)
    {
        var ended = await _console.Run("list", "--cluster", cluster, "--connect-timeout", "1");

        Assert.Equal((6, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        return ended;
    }

    private static async Task Answer(TcpListener listener, byte[] text)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(text);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or IOException)
        {
            // Stopped, or the other side had enough.
        }
    }
}
