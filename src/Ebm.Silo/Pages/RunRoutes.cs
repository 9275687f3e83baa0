using System.IO.Hashing;
using Ebm.Configuration.Reading;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;
using Ebm.RunFolders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Ebm.Silo.Pages;

/// <summary>
/// What a run's page asks for: its status, its live stream, its spec, its pictures, the ages of its slots.
/// </summary>
internal static class RunRoutes
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".png"] = "image/png",
        [".txt"] = "text/plain; charset=utf-8",
        [".json"] = PagesJson.Type,
    };

    public static void MapRun(this IEndpointRouteBuilder routes)
    {
        var run = routes.MapGroup("/api/runs/{id}").AddEndpointFilter(OnlyRuns);
        run.MapGet("", async (string id, IGrainFactory grains) =>
            Text(PagesJson.Write(PagesJson.Node((await grains.GetGrain<IRunGrain>(id).Status())!)), PagesJson.Type));
        run.MapGet("live", (string id, LiveFeeds watches, HttpContext context) => ServerSentEvents.Of(
            watches.Run(id), context));
        run.MapGet("spec", async (string id, IGrainFactory grains) => Text(
            SpecYaml.Write(SpecJson.Read((await grains.GetGrain<IRunGrain>(id).Describe())!.SpecJson)), Types[".txt"]));
        run.MapGet("slots", async (string id, LiveFeeds watches) => Text(
            await watches.Slots(id).Read(), PagesJson.Type));
        run.MapGet("files", async (string id, IRunJournal journal) =>
            Text(PagesJson.Write((await journal.ListArtefacts(id)).Where(name => IsForPeople(name))
                .Order(StringComparer.Ordinal)), PagesJson.Type));
        run.MapGet("files/{name}", async (string id, string name, IRunJournal journal) =>
            IsForPeople(name) && await journal.ReadArtefact(id, name) is { } bytes
                ? File(name, bytes)
                : Results.NotFound());
    }

    private static async ValueTask<object?> OnlyRuns(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var id = (string)context.HttpContext.Request.RouteValues["id"]!;
        var grains = (IGrainFactory)context.HttpContext.RequestServices.GetService(typeof(IGrainFactory))!;
        return RunId.IsOne(id) && await grains.GetGrain<IRunGrain>(id).Status() is not null
            ? await next(context)
            : Results.Json(new { error = $"there is no run '{id}'." }, statusCode: StatusCodes.Status404NotFound);
    }

    // A picture may be written again after a run went back, so a browser asks each time whether it is still the same.
    private static IResult File(string name, byte[] bytes) => Results.Bytes(
        bytes, Types[Path.GetExtension(name)],
        entityTag: new EntityTagHeaderValue($"\"{XxHash64.HashToUInt64(bytes):x}\""));

    private static IResult Text(string text, string type) => Results.Text(text, type);

    private static bool IsForPeople(string name) => RunFile.Parse(name) is { IsSamples: true }
        || name is RunLayout.EnergiesPlot or RunLayout.Energies or RunLayout.Curves;
}
