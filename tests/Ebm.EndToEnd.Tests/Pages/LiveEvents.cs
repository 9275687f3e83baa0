using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Ebm.EndToEnd.Tests.Pages;

/// <summary>The events of a page, as a browser receives them.</summary>
internal sealed class LiveEvents(Stream stream) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<SseItem<string>> _items =
        SseParser.Create(stream).EnumerateAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();

    public static async Task<LiveEvents> Open(HttpClient browser, string path) =>
        new(await browser.GetStreamAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken));

    /// <summary>The next event of a type; the stream must not end before it.</summary>
    public async Task<JsonElement> Next(string type)
    {
        while (await _items.MoveNextAsync())
        {
            if (_items.Current.EventType == type)
            {
                return JsonSerializer.Deserialize<JsonElement>(_items.Current.Data);
            }
        }

        throw new InvalidOperationException($"the stream ended before an event of type {type}.");
    }

    /// <summary>The last event of a type before the stream ends.</summary>
    public async Task<JsonElement> Last(string type)
    {
        var last = default(JsonElement);
        while (await _items.MoveNextAsync())
        {
            last = _items.Current.EventType == type
                ? JsonSerializer.Deserialize<JsonElement>(_items.Current.Data)
                : last;
        }

        return last;
    }

    public async ValueTask DisposeAsync()
    {
        await _items.DisposeAsync();
        await stream.DisposeAsync();
    }
}
