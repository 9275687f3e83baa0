using System.Diagnostics;
using System.Text.Json;
using Ebm.Client.Local;
using Ebm.Client.Local.Processes;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>
/// The real Prometheus: it takes the rules, and a live cluster gives every query of every panel and rule something to
/// show.
/// </summary>
[Trait("Category", "Long")]
public sealed class ScrapeTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly EbmConsole _console = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("check", "config", "prometheus.yaml")]
    [InlineData("check", "rules", "rules/recording.yaml", "rules/alerts.yaml")]
    [InlineData("test", "rules", "rules/tests.yaml")]
    public async Task Promtool_OfRulesAndConfiguration_FindsNothingWrong(params string[] arguments)
    {
        using var tool = Process.Start(new ProcessStartInfo("promtool", arguments)
        {
            WorkingDirectory = ObservabilityFiles.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var said = await tool.StandardOutput.ReadToEndAsync(Cancel) + await tool.StandardError.ReadToEndAsync(Cancel);
        await tool.WaitForExitAsync(Cancel);
        Assert.True(tool.ExitCode == 0, said);
    }

    [Fact]
    public async Task Queries_OfEveryPanelAndRule_ShowALiveCluster()
    {
        var first = FreePorts.Next();
        await using var cluster = new LocalCluster(new LocalClusterOptions { Silos = 2, OperationsPort = first });
        await cluster.Start(Cancel);
        var specs = new[] { SmallSpecs.Rbm(_console, rounds: 1_000_000), SmallSpecs.Mlp(_console) };
        foreach (var spec in specs)
        {
            var taken = await _console.Run(
                "submit", spec, "--detach", "--output", "json", "--cluster", cluster.Address, "--set",
                "learning.rounds=1000000", "--set", "output.checkpointEvery=200");
            Assert.True(taken.ExitCode == 0, taken.ToString());
        }

        var port = FreePorts.Next();
        using var prometheus = StartPrometheus(port, [first, first + 1]);
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            List<Query> missing =
            [
                .. ObservabilityFiles.OfDashboards().Select(ObservabilityFiles.Plain),
                .. ObservabilityFiles.OfRules()
                .SelectMany(r => r.Record is null ? ObservabilityFiles.Compared(r.Query) : [r.Query]),
            ];
            Assert.True(missing.Count > 60, $"only {missing.Count} queries were found");
            for (var begun = Stopwatch.StartNew(); missing.Count > 0 && begun.Elapsed < Patience;
                await Task.Delay(TimeSpan.FromSeconds(1), Cancel))
            {
                for (var i = missing.Count - 1; i >= 0; i--)
                {
                    if (await HasData(http, missing[i]))
                    {
                        missing.RemoveAt(i);
                    }
                }
            }

            Assert.True(
                missing.Count == 0,
                "no data came of:\n" + string.Join('\n', missing.Select(q => $"{q.Place}: {q.Text}")));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(Cancel);
        }
    }

    public void Dispose() => _console.Dispose();

    private static async Task<bool> HasData(HttpClient http, Query query)
    {
        HttpResponseMessage response;
        try
        {
            response = await http.GetAsync(
                new Uri("api/v1/query?query=" + Uri.EscapeDataString(query.Text), UriKind.Relative), Cancel);
        }
        catch (HttpRequestException)
        {
            return false;
        }

        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True((int)response.StatusCode is 200 or 503, $"{query}: {text}");
        if (!response.IsSuccessStatusCode)
        {
            return false;
        }

        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray()
            .Any(sample => sample.GetProperty("value")[1].GetString() is not ("NaN" or "+Inf" or "-Inf"));
    }

    /// <summary>With the rules unchanged, evaluated every second.</summary>
    private Process StartPrometheus(int port, int[] silos)
    {
        var rules = string.Join(
            ", ", new[] { "recording", "alerts" }.Select(
                r => Path.Combine(ObservabilityFiles.Folder, "rules", r + ".yaml")));
        var configuration = _console.File("prometheus.yaml", $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [{{rules}}]
            scrape_configs:
              - job_name: ebm-silo
                static_configs: [{targets: [{{string.Join(", ", silos.Select(s => $"'127.0.0.1:{s}'"))}}]}]
            """);
        return Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(_console.Folder, "series")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ]))!;
    }
}
