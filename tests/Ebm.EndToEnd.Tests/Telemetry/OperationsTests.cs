using System.Net;
using System.Net.Sockets;
using Ebm.Client.Local;
using Ebm.Client.Local.Processes;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>The port of a silo for those who operate it.</summary>
[Trait("Category", "Long")]
public sealed class OperationsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Port_OfASilo_ServesItsMetricsAndHealth()
    {
        using var http = new HttpClient();
        var port = FreePorts.Next();
        await using var cluster = new LocalCluster(new LocalClusterOptions { Silos = 1, OperationsPort = port });
        await cluster.Start(Cancel);
        foreach (var check in new[] { "startup", "ready", "live" })
        {
            Assert.Equal("healthy\n", await http.GetStringAsync($"http://127.0.0.1:{port}/health/{check}", Cancel));
        }

        var metrics = await http.GetStringAsync($"http://127.0.0.1:{port}/metrics", Cancel);
        Assert.Contains("ebm_lane_queue_length", metrics, StringComparison.Ordinal);
        Assert.Contains("service_instance_id=\"silo-1\"", metrics, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync($"http://127.0.0.1:{port}/", Cancel)).StatusCode);

        // While it stops it is alive and not ready.
        var stopping = cluster.Stop("silo-1");
        await Eventually.Holds(
            async () => await Status("ready") is HttpStatusCode.ServiceUnavailable or null, () => "It is still ready.");
        await stopping;

        async Task<HttpStatusCode?> Status(string check)
        {
            try
            {
                return (await http.GetAsync($"http://127.0.0.1:{port}/health/{check}", Cancel)).StatusCode;
            }
            catch (HttpRequestException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task Port_ThatIsTaken_IsReported()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var console = new EbmConsole();
        var ended = await console.Run("cluster", "start", "--silos", "1", "--metrics-port", $"{port}");
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(
            $"operations-port: cannot listen on 127.0.0.1:{port}", ended.Errors + ended.Output,
            StringComparison.Ordinal);
    }
}
