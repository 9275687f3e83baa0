using System.Diagnostics;
using System.Text.Json;

namespace Ebm.Deploy.Tests.Topology;

/// <summary>
/// The topology of the manifests without Kubernetes: every pod a host of its own behind the firewall that the policies
/// make, and a run that goes through what happens to hosts.
/// </summary>
public sealed class TopologyTests
{
    // Long enough for a host that is cut off to be voted dead.
    private static readonly TimeSpan CutOff = TimeSpan.FromSeconds(20);

    private const string Spec = """
        name: hosts
        data: {kind: toy, density: two-moons, count: 1000}
        energy: {kind: mlp, hidden: [64, 64]}
        sampler: {kind: langevin, steps: 10, stepSize: 0.01, noise: 0.1, range: [-4, 4]}
        negatives: {chains: 512, shards: 8}
        learning: {rounds: 600, batch: 128}
        output: {checkpointEvery: 20}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Category", "Long")]
    public async Task Policies_OnHosts_AllowOnlyNeededConnections()
    {
        Assert.SkipUnless(Environment.UserName == "root", "network namespaces need root");
        await using var cluster = new Cluster(control: 1, chains: 1);
        cluster.StartRedis();
        cluster.StartSilo("control-1");
        cluster.StartSilo("chains-1");
        foreach (var (from, to, port) in new[]
        {
            ("control-1", "redis", 6379), ("chains-1", "redis", 6379), ("client", "redis", 6379),
            ("client", "control-1", 30000),
            ("chains-1", "control-1", 11111), ("control-1", "chains-1", 11111),
        })
        {
            for (var begun = Stopwatch.StartNew(); !await cluster.Reaches(from, to, port);)
            {
                Assert.True(
                    begun.Elapsed < TimeSpan.FromSeconds(60),
                    $"{from} does not reach port {port} of {to}\n{cluster.Logs()}");
            }
        }

        (string From, string To, int Port)[] closed =
        [
            ("stranger", "redis", 6379), ("stranger", "control-1", 30000), ("stranger", "control-1", 11111),
            ("stranger", "chains-1", 11111),
            ("stranger", "control-1", 9464), ("client", "control-1", 11111), ("client", "chains-1", 11111),
            ("client", "control-1", 9464),
            ("chains-1", "control-1", 30000), ("redis", "control-1", 11111), ("chains-1", "control-1", 9464),
        ];
        var reached = await Task.WhenAll(closed.Select(way => cluster.Reaches(way.From, way.To, way.Port)));
        Assert.Empty(closed.Where((_, i) => reached[i]));
    }

    [Fact]
    [Trait("Category", "Extra")]
    public async Task Run_OnHostsThatAreCutOffKilledAddedAndTaken_HasTheHashOfOneProcess()
    {
        Assert.SkipUnless(Environment.UserName == "root", "network namespaces need root");
        await using var cluster = new Cluster(control: 3, chains: 5);
        var spec = cluster.Write("spec.yaml", Spec);
        var expected = JsonSerializer.Deserialize<JsonElement>(Output.Of(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "ebm.dll"), "train", spec, "--output", "json", "--home",
            Path.GetDirectoryName(spec)! + "/runs")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).GetProperty("stateSha256").GetString();
        cluster.StartRedis();
        foreach (var name in new[] { "control-1", "control-2", "control-3", "chains-1", "chains-2", "chains-3",
            "chains-4" })
        {
            cluster.StartSilo(name);
        }

        var disturbances = new Queue<(int Round, Func<Task> Do)>(
        [
            (30, async () =>
            {
                cluster.Hosts.CutOff("chains-1");
                await Task.Delay(CutOff, Cancel);
                cluster.Hosts.Heal("chains-1");
            }),
            (150, () => Done(() => cluster.Silos["chains-2"].Kill())),
            (220, () => Done(() => cluster.Silos["control-1"].Kill())),
            (300, () => Done(() => cluster.StartSilo("chains-5"))),
            (400, () => cluster.Silos["chains-3"].Remove()),
        ]);
        var submit = cluster.StartConsole("submit", spec, "--output", "json", "--connect-timeout", "120");
        var errors = submit.StandardError.ReadToEndAsync(Cancel);
        var last = default(JsonElement);
        while (await submit.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            last = JsonSerializer.Deserialize<JsonElement>(line);
            if (last.TryGetProperty("round", out var round) && disturbances.TryPeek(out var next)
                && round.GetInt64() >= next.Round)
            {
                disturbances.Dequeue();
                await next.Do();
            }
        }

        await submit.WaitForExitAsync(Cancel);
        Assert.True(submit.ExitCode == 0, $"exit code {submit.ExitCode}: {await errors}\n{cluster.Logs()}");
        Assert.Empty(disturbances);
        Assert.Equal(expected, last.GetProperty("stateSha256").GetString());

        // The host that was cut off was voted dead and came back, as did those that were killed.
        Assert.All(
            new[] { "chains-1", "chains-2", "control-1" },
            name => Assert.True(cluster.Silos[name].Starts > 1, $"{name} was not started again"));
    }

    private static Task Done(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
