using System.Diagnostics;
using System.Text.Json;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary><c>cluster start</c> as a process: however it ends, it leaves nothing behind.</summary>
public sealed class ClusterStartTests : IDisposable
{
    private readonly EbmConsole _console = new();
    private readonly StandIn _place = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _console.Dispose();
        _place.Dispose();
    }

    [Theory]
    [InlineData(EbmConsole.Interrupt)]
    [InlineData(EbmConsole.Terminate)]
    public async Task Signal_ToARunningCluster_EndsSilosBeforeRedis(int signal)
    {
        var (process, _) = await Started();

        var ended = await EbmConsole.Signal(process, signal);

        Assert.True(ended.ExitCode == 0, ended.ToString());
        await _place.Deserted();
        AssertLeft("silo-1", "silo-2");
        Assert.False(File.Exists(Path.Combine(_place.Folder, "address")), "an address of nothing is left");
    }

    [Fact]
    public async Task Kill_OfTheSupervisor_EndsSilosBeforeRedisAndLeavesNothing()
    {
        var (process, _) = await Started();

        await EbmConsole.Signal(process, EbmConsole.Kill);

        await _place.Deserted();
        AssertLeft("silo-1", "silo-2");
    }

    [Fact]
    public async Task Signal_Twice_KillsEverything()
    {
        await File.WriteAllTextAsync(Path.Combine(_place.Folder, "slow"), "", Cancel);
        var (process, _) = await Started();
        Assert.Equal(0, EbmConsole.SendSignal(process.Id, EbmConsole.Interrupt));
        await EbmConsole.WaitFor(process, "stopping");

        // What comes within 0.3 s is taken for the same Ctrl-C.
        await Task.Delay(500, Cancel);
        var ended = await EbmConsole.Signal(process, EbmConsole.Interrupt);

        Assert.True(ended.ExitCode == 130, ended.ToString());
        await _place.Deserted();
    }

    [Fact]
    public async Task Start_Control_PutsLanesAndGatewaysApart()
    {
        var (_, ready) = await Started("--control", "1", "--lanes", "5");

        Assert.Equal(
            ["control-1 control 0", "silo-1 chains 3", "silo-2 chains 2"],
            ready.GetProperty("silos").EnumerateArray()
                .Select(s => $"{s.GetProperty("name")} {s.GetProperty("roles")} {s.GetProperty("lanes")}"));
    }

    [Theory]
    [InlineData(2, "--silos: expected an integer of at least 1", "--silos", "0")]
    [InlineData(2, "'./ebm cluster start --help'", "--silos", "0")]
    [InlineData(2, "--lanes 1: expected at least one for each", "--silos", "2", "--lanes", "1")]
    [InlineData(2, "--id 'a/b'", "--id", "a/b")]
    [InlineData(2, "--port 70000", "--port", "70000")]
    [InlineData(3, "is not writable", "--dir", "/proc/ebm")]
    public async Task Start_WithWhatCannotBe_SaysSo(int exitCode, string expected, params string[] arguments)
    {
        var ended = await _console.Run(["cluster", "start", .. arguments]);

        Assert.Equal(exitCode, ended.ExitCode);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OnAPortThatIsTaken_ReportsIt()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        var ended = await _console.Run("cluster", "start", "--port", $"{port}");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains($"--port {port}: 127.0.0.1:{port} is in use", ended.Errors, StringComparison.Ordinal);
    }

    private async Task<(Process Process, JsonElement Ready)> Started(params string[] arguments)
    {
        var process = _console.Start(
            ["cluster", "start", "--silos", "2", "--dir", _place.Folder, "--silo-program", _place.Program, "--output",
                "json", .. arguments]);
        var line = await process.StandardOutput.ReadLineAsync(Cancel);
        return line is not null
            ? (process, JsonSerializer.Deserialize<JsonElement>(line))
            : throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Cancel));
    }

    private void AssertLeft(params string[] silos) => Assert.All(
        silos, silo =>
            Assert.Equal("Redis was there\n", File.ReadAllText(Path.Combine(_place.Folder, silo + ".left"))));
}
