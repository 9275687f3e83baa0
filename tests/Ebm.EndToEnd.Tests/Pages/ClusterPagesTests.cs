using System.Net;
using System.Text.Json;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Pages;

/// <summary>The pages of a cluster of processes, asked over HTTP.</summary>
[Trait("Category", "Long")]
public sealed class ClusterPagesTests : IDisposable
{
    private readonly EbmConsole _console = new();
    private readonly HttpClient _browser = new();

    public void Dispose()
    {
        _browser.Dispose();
        _console.Dispose();
    }

    [Fact]
    public async Task Live_WhileASiloDies_ShowsThePlacesOfShardsAndTheLostSilo()
    {
        await using var cluster = await PagesCluster.Start(silos: 2);
        await SignIn(cluster.Pages!);
        var submitted = await _console.Run(
            "submit", SmallSpecs.Rbm(_console, 1_000_000), "--id", "a", "--detach", "--cluster", cluster.Address);
        Assert.Equal(0, submitted.ExitCode);
        await using var silos = await LiveEvents.Open(_browser, "api/cluster/live");
        await using var run = await LiveEvents.Open(_browser, "api/runs/a/live");

        var all = await Until(silos, "silos", IsCounted);
        Assert.Equal(
            [("control-1", "control"), ("silo-1", "chains"), ("silo-2", "chains")],
            all.Select(row => (row.Silo.GetProperty("name").GetString()!, row.Silo.GetProperty("roles").GetString()!)));
        Assert.All(all, row => Assert.Equal("active", row.Silo.GetProperty("status").GetString()));
        var addresses = all.ToDictionary(
            row => row.Silo.GetProperty("name").GetString()!, row => row.Silo.GetProperty("address").GetString()!);
        var places = await Until(
            run, server => Places(server) is { Count: 3 } found && found.All(addresses.ContainsValue) ? found : null);
        Assert.DoesNotContain(addresses["control-1"], places);

        var lost = addresses["silo-1"];
        Assert.True(cluster.Kill("silo-1"));
        await Until(silos, "silos", rows => rows.Any(row => row.Silo.GetProperty("address").GetString() == lost
            && IsDead(row.Silo)));
        await Until(run, server => Places(server) is { Count: 3 } found && !found.Contains(lost)
            && found.All(p => p.Length > 0) ? found : null);
        await Until(silos, "silos", rows => rows.Any(row =>
            row.Silo.GetProperty("name").GetString() == "silo-1"
                && row.Silo.GetProperty("status").GetString() == "active"));
        var before = (await run.Next("round")).GetProperty("round").GetInt64();
        Assert.NotEqual(before, (await run.Next("round")).GetProperty("round").GetInt64());
    }

    [Fact]
    public async Task Dashboard_OfOrleans_IsBehindTheSameDoor()
    {
        await using var cluster = await PagesCluster.Start(silos: 1);
        await SignIn(cluster.Pages!);

        var page = await _browser.GetAsync(
            new Uri("orleans/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(
            "default-src 'none'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await Status("orleans/DashboardCounters"));
        Assert.Equal(HttpStatusCode.Forbidden, await Status("orleans/Trace"));
        using var rebound = new HttpRequestMessage(HttpMethod.Get, "orleans/DashboardCounters");
        rebound.Headers.Host = "rebound.example";
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await _browser.SendAsync(rebound, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await Status("cluster"));
    }

    /// <summary>
    /// Without the link that was printed there is nothing to see; with it there is, and the token is out of the
    /// address.
    /// </summary>
    private async Task SignIn(string link)
    {
        _browser.BaseAddress = new Uri(link.Split('?')[0]);
        foreach (var path in new[] { "", "api/runs", "api/runs/live", "orleans/", "?token=nonsense" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await Status(path));
        }

        var first = await _browser.GetAsync(new Uri(link), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, ""), (first.StatusCode, first.RequestMessage!.RequestUri!.Query));
        using var stranger = new HttpClient { BaseAddress = _browser.BaseAddress };
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", link.Split("token=")[1]);
        Assert.Equal(
            HttpStatusCode.OK,
            (await stranger.GetAsync(
                new Uri("api/runs", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    private async Task<HttpStatusCode> Status(string path) =>
        (await _browser.GetAsync(
            new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken)).StatusCode;

    private static bool IsCounted(List<(JsonElement Silo, JsonElement Row)> rows) =>
        rows.Sum(row => row.Row.TryGetProperty("shards", out var shards)
            && shards.ValueKind == JsonValueKind.Number ? shards.GetInt32() : 0) == 3;

    private static bool IsDead(JsonElement silo) => silo.GetProperty("status").GetString() == "dead";

    private static async Task<List<(JsonElement Silo, JsonElement Row)>> Until(
        LiveEvents live, string type, Func<List<(JsonElement Silo, JsonElement Row)>, bool> holds)
    {
        while (true)
        {
            var rows = (await live.Next(type)).GetProperty("silos").EnumerateArray()
                .Select(row => (row.GetProperty("silo"), row)).ToList();
            if (holds(rows))
            {
                return rows;
            }
        }
    }

    private static async Task<List<string>> Until(LiveEvents live, Func<JsonElement, List<string>?> found)
    {
        while (true)
        {
            if (found(await live.Next("server")) is { } places)
            {
                return places;
            }
        }
    }

    private static List<string> Places(JsonElement server) =>
        [.. server.GetProperty("places").EnumerateArray().Select(p => p.GetString()!)];
}
