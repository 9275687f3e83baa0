using System.Net.ServerSentEvents;
using Ebm.Contracts.Runs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Ebm.Silo.Pages;

/// <summary>What stands where: pages under their names, files under /assets, figures as JSON under /api.</summary>
internal static class PagesRoutes
{
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => PagesFiles.Get("runs.html"));
        routes.MapGet("/runs/{id}", () => PagesFiles.Get("run.html"));
        routes.MapGet("/assets/{name}", (string name) => PagesFiles.Get(name));

        routes.MapGet("/api/runs", async (Watches watches) => Json(await watches.Runs.Runs()));
        routes.MapGet("/api/runs/live", (Watches watches, HttpContext context) => Live(watches.Runs, context));
        routes.MapGet("/api/runs/{id}", async (string id, IGrainFactory grains) =>
            await Status(id, grains) is { } status ? Json(PagesJson.Write(PagesJson.Node(status))) : NoRun(id));
        routes.MapGet("/api/runs/{id}/live", async (string id, IGrainFactory grains, Watches watches, HttpContext context) =>
            await Status(id, grains) is null ? NoRun(id) : (IResult)Live(watches.Run(id), context));
    }

    private static async Task<RunStatus?> Status(string id, IGrainFactory grains) =>
        RunId.IsOne(id) ? await grains.GetGrain<IRunGrain>(id).Status() : null;

    private static ServerSentEventsResult<string> Live(Watch watch, HttpContext context) =>
        TypedResults.ServerSentEvents(Items(watch.Follow(context.RequestAborted)));

    private static async IAsyncEnumerable<SseItem<string>> Items(IAsyncEnumerable<LiveMessage> messages)
    {
        await foreach (var message in messages)
        {
            yield return new SseItem<string>(message.Data, message.Type) { ReconnectionInterval = TimeSpan.FromSeconds(2) };
        }
    }

    private static IResult NoRun(string id) => Results.Json(new { error = $"there is no run '{id}'." }, statusCode: StatusCodes.Status404NotFound);

    private static IResult Json(string text) => Results.Text(text, "application/json; charset=utf-8");
}
