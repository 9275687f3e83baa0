using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Pages;

/// <summary>The pages of <c>train --ui</c>, asked over HTTP.</summary>
public sealed partial class TrainUiTests : IDisposable
{
    private readonly EbmConsole _console = new();
    private readonly HttpClient _browser = new();

    public void Dispose()
    {
        _browser.Dispose();
        _console.Dispose();
    }

    [Fact]
    public async Task Live_OfARun_SendsItsStatusThenItsRoundsThenItsEnd()
    {
        var process = await Train("a");
        await using var live = await LiveEvents.Open(_browser, "api/runs/a/live");

        var start = await live.Next("start");
        Assert.Equal("a", start.GetProperty("status").GetProperty("id").GetString());
        var curves = start.GetProperty("curves");
        Assert.All(
            curves.EnumerateObject(),
            column => Assert.Equal(curves.GetProperty("round").GetArrayLength(), column.Value.GetArrayLength()));
        var (one, two) = (await live.Next("round"), await live.Next("round"));
        Assert.True(two.GetProperty("round").GetInt64() > one.GetProperty("round").GetInt64());
        Assert.True(double.IsFinite(two.GetProperty("gap").GetDouble()));

        // A second page gets the earlier events too.
        await using (var second = await LiveEvents.Open(_browser, "api/runs/a/live"))
        {
            var rounds = (await second.Next("start")).GetProperty("curves").GetProperty("round").EnumerateArray()
                .Select(r => r.GetInt64());
            Assert.Contains(two.GetProperty("round").GetInt64(), rounds);
        }

        var ending = EbmConsole.Signal(process, EbmConsole.Interrupt);
        Assert.Equal("stopped", (await live.Last("status")).GetProperty("state").GetString());
        Assert.Equal(4, (await ending).ExitCode);
    }

    [Fact]
    public async Task Runs_WithOneAtWorkAndOneDone_AreATable()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "done");
        await Train("a");
        await using var live = await LiveEvents.Open(_browser, "api/runs/live");
        var first = await live.Next("runs");
        var later = await live.Next("runs");

        Assert.Equal(["a", "done"], later.EnumerateArray().Select(run => run.GetProperty("id").GetString()!));
        Assert.Equal(
            ["running", "succeeded"], later.EnumerateArray().Select(run => run.GetProperty("state").GetString()!));
        Assert.True(later[0].GetProperty("round").GetInt64() > first[0].GetProperty("round").GetInt64());
        Assert.Equal(60, (await Json("api/runs/done")).GetProperty("round").GetInt64());
        Assert.Equal(HttpStatusCode.NotFound, (await Get("api/runs/nobody")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("api/runs/nobody/live")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Get("api/runs/..%2Fa")).StatusCode);
    }

    [Fact]
    public async Task Pages_OfTheDashboard_NameOnlyServedFiles()
    {
        await Train("a");
        foreach (var path in new[] { "", "runs/a" })
        {
            var page = await Get(path);
            var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            string[] named = [.. Reference().Matches(html).Select(m => m.Groups[1].Value)];

            Assert.Contains(
                "default-src 'none'; script-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(),
                StringComparison.Ordinal);
            Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.NotEmpty(named);
            foreach (var name in named.Where(n => !n.StartsWith('#')))
            {
                Assert.StartsWith("/", name, StringComparison.Ordinal);
                Assert.Equal((name, HttpStatusCode.OK), (name, (await Get(name[1..])).StatusCode));
            }
        }
    }

    [Fact]
    public async Task Files_OfARunAtWork_AreItsImagesItsSpecAndTheAgesOfItsSlots()
    {
        await Train("a", "--set", "output.samplesEvery=10");
        await using var live = await LiveEvents.Open(_browser, "api/runs/a/live");
        await live.Next("start");
        JsonElement written;
        do
        {
            written = await live.Next("event");
        }
        while (!written.TryGetProperty("file", out var file) || file.GetString() != "energies.png");

        var names = (await Json("api/runs/a/files")).EnumerateArray().Select(name => name.GetString()!).ToList();
        Assert.Contains("samples-000010.png", names);
        Assert.DoesNotContain(names, name => name.Contains("json", StringComparison.Ordinal)
            && name != "energies.json");
        using var picture = await Get("api/runs/a/files/samples-000010.png");
        Assert.Equal("image/png", picture.Content.Headers.ContentType!.MediaType);
        Assert.Equal([0x89, 0x50], (await picture.Content.ReadAsByteArrayAsync(
            TestContext.Current.CancellationToken))[..2]);
        Assert.NotNull(picture.Headers.ETag);

        var energies = await Json("api/runs/a/files/energies.json");
        Assert.Equal(
            energies.GetProperty("edges").GetArrayLength() - 1, energies.GetProperty("negatives").GetArrayLength());
        var slots = await Json("api/runs/a/slots");
        Assert.Equal(300, slots.GetProperty("slots").GetInt32());
        Assert.Equal(192, slots.GetProperty("written")[0].GetInt32());
        var spec = await _browser.GetStringAsync(
            new Uri("api/runs/a/spec", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("samplesEvery: 10", spec, StringComparison.Ordinal);
        foreach (var hidden in new[] { "run.json", "lock", "spec.yaml", "..%2Fa%2Frun.json", "samples-000010.png%0A" })
        {
            Assert.Equal(
                (hidden, HttpStatusCode.NotFound), (hidden, (await Get("api/runs/a/files/" + hidden)).StatusCode));
        }
    }

    [Fact]
    public async Task Request_FromElsewhere_IsRefused()
    {
        await Train("a");
        foreach (var (method, header, value) in new[]
        {
            ("POST", "Accept", "*/*"), ("GET", "Host", "rebound.example"), ("GET", "Sec-Fetch-Site", "cross-site"),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "api/runs");
            request.Headers.Add(header, value);
            using var answer = await _browser.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal((header, HttpStatusCode.Forbidden), (header, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Train_WithAPageThatNeverReads_HasTheBitsOfOneWithoutPages()
    {
        var spec = SmallSpecs.Rbm(_console, rounds: 400);
        var alone = await _console.Train(spec);
        Directory.Delete(_console.Home, recursive: true);
        var process = await Train("a", 400);
        using var deaf = await _browser.GetAsync(
            new Uri("api/runs/a/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var result = new Ended(0, output, "").Json[^1];

        Assert.Equal(alone.GetProperty("stateSha256").GetString(), result.GetProperty("stateSha256").GetString());
    }

    [Theory]
    [InlineData("-1", 2, "Expected 1 to 65535")]
    [InlineData("70000", 2, "Expected 1 to 65535")]
    public async Task Train_WithAPortThatCanBeNone_IsRefused(string port, int code, string words)
    {
        var ended = await _console.Run("train", SmallSpecs.Rbm(_console), "--ui-port", port);

        Assert.Equal(code, ended.ExitCode);
        Assert.Contains(words, ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.Home));
    }

    [Fact]
    public async Task Train_WithAPortThatIsTaken_ReportsItAndCreatesNothing()
    {
        using var taken = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var ended = await _console.Run("train", SmallSpecs.Rbm(_console), "--ui-port", $"{port}");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains($"127.0.0.1:{port} is in use", ended.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_console.Home));
    }

    /// <summary>Starts a run with pages, and points the browser there.</summary>
    private Task<Process> Train(string id, params string[] more) => Train(id, 1_000_000, more);

    private async Task<Process> Train(string id, int rounds, params string[] more)
    {
        var process = _console.Start(
            ["train", SmallSpecs.Rbm(_console, rounds), "--id", id, "--output", "json", "--ui-port", "0", .. more]);
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        var at = Regex.Match(line ?? "", "pages at (http://127.0.0.1:[0-9]+/)runs/" + id);
        Assert.True(at.Success, line);
        _browser.BaseAddress = new Uri(at.Groups[1].Value);
        await EbmConsole.WaitFor(process, "round");
        return process;
    }

    private Task<HttpResponseMessage> Get(string path) =>
        _browser.GetAsync(
            new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken);

    private async Task<JsonElement> Json(string path) => JsonSerializer.Deserialize<JsonElement>(
        await _browser.GetStringAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));

    [GeneratedRegex("""(?:src|href)="([^"]+)""")]
    private static partial Regex Reference();
}
