using Ebm.Client.Local;
using Ebm.Client.Local.Processes;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>A console that has a gateway and a token, and no Redis.</summary>
[Trait("Category", "Long")]
public sealed class GatewayTests
{
    [Fact]
    public async Task Submit_ThroughAForwardedGateway_HasTheHashesOfTrain()
    {
        using var console = new EbmConsole();
        await using var cluster = new LocalCluster(new LocalClusterOptions { Silos = 1, Control = 1 });
        await cluster.Start(TestContext.Current.CancellationToken);
        var gateway = SiloPorts.Gateway(cluster.Silos.Single(s => s.Lanes == 0).Process);
        using var forwarder = new Forwarder(gateway);
        using var outside = new EbmConsole
        {
            Variables = new Dictionary<string, string>
            {
                ["EBM_TOKEN_FILE"] = Path.Combine(cluster.Folder, "token"),
                ["EBM_CLUSTER"] = $"ebm://{Forwarder.Host}:{gateway}",
            },
        };
        var spec = SmallSpecs.Rbm(console);
        var expected = await console.Train(spec);
        var ended = await outside.Run("submit", spec, "--output", "json");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Equal(
            expected.GetProperty("stateSha256").GetString(), ended.Json[^1].GetProperty("stateSha256").GetString());
    }

    [Fact]
    public async Task List_OfAMissingGateway_ReportsIt()
    {
        using var console = new EbmConsole();
        var ended = await console.Run(
            "list", "--cluster", $"ebm://127.0.0.1:{FreePorts.Next()}", "--connect-timeout", "0");
        Assert.Equal(6, ended.ExitCode);
        Assert.Contains("no gateway of a cluster 'ebm' answers", ended.Errors, StringComparison.Ordinal);
    }
}
