using System.Net.ServerSentEvents;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ebm.Silo.Pages;

/// <summary>A watch as server-sent events, which a browser asks for again by itself when the link is lost.</summary>
internal static class ServerSentEvents
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <summary>Until the browser goes, or the silo stops.</summary>
    public static ServerSentEventsResult<string> Of(LiveFeed watch, HttpContext context) =>
        TypedResults.ServerSentEvents(Items(watch.Follow(context.RequestAborted)));

    private static async IAsyncEnumerable<SseItem<string>> Items(IAsyncEnumerable<LiveMessage> messages)
    {
        await foreach (var message in messages)
        {
            yield return new SseItem<string>(message.Data, message.Type) { ReconnectionInterval = Again };
        }
    }
}
