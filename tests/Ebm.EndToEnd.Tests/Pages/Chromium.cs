using Microsoft.Playwright;

namespace Ebm.EndToEnd.Tests.Pages;

/// <summary>Debian's Chromium, and what goes wrong in it.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly IPlaywright _driver;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright driver, IBrowser browser) => (_driver, _browser) = (driver, browser);

    /// <summary>What pages have written to the console as errors, or thrown.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<Chromium> Start()
    {
        var driver = await Playwright.CreateAsync();
        return new Chromium(driver, await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            // Its sandbox wants more of the system than a container gives; what it loads is ours.
            ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"],
        }));
    }

    /// <summary>A page in a window of its own.</summary>
    public async Task<IPage> Open(string url, ColorScheme scheme = ColorScheme.Light, int width = 1280)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = scheme, ViewportSize = new ViewportSize { Width = width, Height = 900 },
        });
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        Assertions.SetDefaultExpectTimeout((float)Patience.TotalMilliseconds);
        var page = await context.NewPageAsync();
        page.Console += (_, message) => Note(message.Type == "error", message.Text);
        page.PageError += (_, error) => Note(true, error);
        await page.GotoAsync(url);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _driver.Dispose();
    }

    private void Note(bool isError, string text)
    {
        if (isError)
        {
            lock (Errors)
            {
                Errors.Add(text);
            }
        }
    }
}
