using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Ebm.Silo.Pages;

/// <summary>What stands where: pages under their names, files under /assets, figures as JSON under /api.</summary>
internal static class PagesRoutes
{
    public static void MapPages(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", () => PagesFiles.Get("runs.html"));
        routes.MapGet("/runs/{id}", () => PagesFiles.Get("run.html"));
        routes.MapGet("/cluster", () => PagesFiles.Get("cluster.html"));
        routes.MapGet("/assets/{name}", (string name) => PagesFiles.Get(name));

        routes.MapGet("/api/runs", async (LiveFeeds watches) => Results.Text(
            await watches.Runs.Runs(), PagesJson.Type));
        routes.MapGet(
            "/api/runs/live", (LiveFeeds watches, HttpContext context) => ServerSentEvents.Of(watches.Runs, context));
        routes.MapGet(
            "/api/cluster/live",
            (LiveFeeds watches, HttpContext context) => ServerSentEvents.Of(watches.Cluster, context));
        routes.MapRun();
    }
}
