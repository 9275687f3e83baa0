using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Ebm.Silo.Pages;

/// <summary>
/// The files that pages are made of. They are in the assembly, so that nothing is fetched from elsewhere.
/// </summary>
internal static class PagesFiles
{
    private const string Folder = "pages/";

    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private static readonly EntityTagHeaderValue Build =
        new($"\"{typeof(PagesFiles).Assembly.ManifestModule.ModuleVersionId:N}\"");

    /// <summary>A file by its name; not found where there is none.</summary>
    public static IResult Get(string name)
    {
        var stream = typeof(PagesFiles).Assembly.GetManifestResourceStream(Folder + name);
        return stream is null
            ? Results.NotFound()
            : Results.Stream(stream, Types[Path.GetExtension(name)], entityTag: Build);
    }
}
