using System.Net;
using System.Net.Sockets;
using Ebm.Client.Local.Processes;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>Collectors that are of no use: a run neither waits for one nor ends otherwise because of it.</summary>
[Trait("Category", "Long")]
public sealed class CollectorTests
{
    [Fact]
    public async Task Train_WithACollectorThatIsAwayOrHangs_HasTheSameHashesAndEnds()
    {
        using var plain = new EbmConsole();
        var expected = await plain.Train(SmallSpecs.Mlp(plain));
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        foreach (var port in new[] { FreePorts.Next(), ((IPEndPoint)hanging.LocalEndpoint).Port })
        {
            using var traced = new EbmConsole
            {
                Variables = new Dictionary<string, string>
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://127.0.0.1:{port}",
                    ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
                    ["EBM_TRACE_RATIO"] = "1",
                },
            };
            var result = await traced.Train(SmallSpecs.Mlp(traced));
            Assert.Equal(
                expected.GetProperty("stateSha256").GetString(), result.GetProperty("stateSha256").GetString());
        }
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4317", "http://host:4317")]
    [InlineData("EBM_TRACE_RATIO", "2", "a share from 0 to 1")]
    public async Task Train_WithAnImpossibleVariable_NamesIt(string variable, string value, string expected)
    {
        using var console = new EbmConsole { Variables = new Dictionary<string, string> { [variable] = value } };
        var ended = await console.Run("train", SmallSpecs.Mlp(console));
        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(variable, ended.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(console.Home));
    }
}
