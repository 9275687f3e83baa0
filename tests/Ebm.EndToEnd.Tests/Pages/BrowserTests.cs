using System.Globalization;
using Deque.AxeCore.Playwright;
using Ebm.EndToEnd.Tests.Console;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Ebm.EndToEnd.Tests.Pages;

/// <summary>The pages in a real browser.</summary>
[Trait("Category", "Long")]
public sealed class BrowserTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Run_WhileASiloIsKilled_ShowsTheRecoveryAndContinues()
    {
        await using var cluster = await PagesCluster.Start(silos: 2);
        await using var chromium = await Chromium.Start();
        var page = await chromium.Open(cluster.Pages!);
        await Expect(page.Locator("#none")).ToBeVisibleAsync();
        var submitted = await _console.Run(
            "submit", SmallSpecs.Rbm(_console, 1_000_000), "--set", "output.samplesEvery=50", "--id", "a", "--detach",
            "--cluster", cluster.Address);
        Assert.Equal(0, submitted.ExitCode);

        // It turns up in the table by itself; from there a keyboard leads to its page.
        var link = page.GetByRole(AriaRole.Link, new() { Name = "a", Exact = true });
        await link.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("a");
        await Reaches(page, await Round(page) + 5);
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");

        var picture = page.Locator("#picture");
        await Expect(picture).ToBeVisibleAsync();
        Assert.True(await picture.EvaluateAsync<int>("image => image.naturalWidth") > 0);
        foreach (var drawn in new[] { "#energies canvas", "#gap canvas", "#histogram canvas", "#slots canvas",
            "#waterfall rect.w-sample" })
        {
            await Expect(page.Locator(drawn).First).ToBeVisibleAsync();
        }

        // The slider moves back through the rounds, and stays where it is put.
        await Expect(page.Locator("#round")).ToBeEnabledAsync();
        await page.Locator("#round").PressAsync("Home");
        await Expect(page.Locator("#round-shown")).ToHaveTextAsync("round 50");
        await Expect(picture).ToHaveAttributeAsync("alt", "Samples of round 50");

        var silo = page.Locator(".silo").Filter(new() { HasText = "silo-1" });
        await Expect(silo).ToBeVisibleAsync();
        Assert.True(cluster.Kill("silo-1"));
        await Expect(page.Locator(".silo.away").Filter(new() { HasText = "silo-1" })).ToBeVisibleAsync();
        await Expect(page.Locator("#events .notable").First).ToContainTextAsync("lost");
        await Expect(page.Locator(".silo.away")).ToHaveCountAsync(0);
        await Reaches(page, await Round(page) + 5);
        await Expect(page.Locator("#state")).ToHaveTextAsync("running");
        Assert.Equal([], chromium.Errors);

        // The pages end and restart with their silo. The browser reconnects by itself.
        Assert.True(cluster.Kill("control-1"));
        await Expect(page.Locator("#link")).ToHaveTextAsync("not connected, trying again");
        await Expect(page.Locator("#link")).ToHaveTextAsync("live");
        await Reaches(page, await Round(page) + 5);
        await Expect(page.Locator("#round-shown")).ToHaveTextAsync("round 50");
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Pages_InEitherSchemeAtAnyWidth_AreWithinReachOfAll(ColorScheme scheme, int width)
    {
        var process = _console.Start(
            "train", SmallSpecs.Rbm(_console, 1_000_000), "--set", "output.samplesEvery=50", "--id", "a", "--output",
            "json", "--ui-port", "0");
        var at = (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!.Split(
            "pages at ")[1].Split("runs/a")[0];
        await EbmConsole.WaitFor(process, "round", times: 2);
        await using var chromium = await Chromium.Start();
        foreach (var (path, last) in new[] { ("", "#runs tr"), ("runs/a", "#waterfall svg"), ("cluster", "#silos tr") })
        {
            var page = await chromium.Open(at + path, scheme, width);
            await Expect(page.Locator(last).First).ToBeVisibleAsync();
            var found = await page.RunAxe();
            Assert.True(found.Violations.Length == 0, string.Join('\n', found.Violations.SelectMany(
                violation => violation.Nodes.Select(node => $"/{path}: {violation.Help}: {node.Html}"))));
            Assert.Equal((path, width), (path, await page.EvaluateAsync<int>("document.documentElement.scrollWidth")));

            // The keyboard comes first to a way past the menu.
            await page.Keyboard.PressAsync("Tab");
            await Expect(page.Locator(":focus")).ToHaveTextAsync("Skip to content");
            await Expect(page.Locator(":focus")).ToBeInViewportAsync();
        }

        Assert.Equal([], chromium.Errors);
    }

    private static async Task<long> Round(IPage page) => long.Parse(
        (await page.Locator("#figures dd").First.TextContentAsync())!.Split(' ')[0], NumberStyles.AllowThousands,
        CultureInfo.InvariantCulture);

    private static async Task Reaches(IPage page, long round)
    {
        while (await Round(page) < round)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
        }
    }
}
