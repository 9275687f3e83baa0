using Ebm.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Dashboard;

namespace Ebm.Silo.Pages;

/// <summary>A silo's host that serves the pages, too.</summary>
internal static class PagesHost
{
    // Everything comes from here; uPlot sets styles from its script, which this allows.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private const string Dashboard = "/orleans";

    // The dashboard writes its styles into its elements.
    private const string DashboardPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; "
        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Builds a host; without <paramref name="pages"/> nothing listens for browsers.</summary>
    /// <param name="pages">Where the pages are served; null for nowhere.</param>
    /// <param name="configure">Makes it the host of a silo.</param>
    public static IHost Build(PagesOptions? pages, Action<IHostApplicationBuilder> configure)
    {
        if (pages is null)
        {
            var plain = Host.CreateEmptyApplicationBuilder(
                new HostApplicationBuilderSettings { DisableDefaults = true });
            configure(plain);
            return plain.Build();
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        configure(builder);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(pages.Address, pages.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(pages);
        builder.Services.AddSingleton<PagesAccess>();
        builder.Services.AddSingleton<PagesSignIn>();
        builder.Services.AddSingleton<SiloTable>();
        builder.Services.AddSingleton<LiveFeeds>();
        builder.Services.AddSingleton<PagesShutdown>();
        builder.Services.AddHostedService(s => s.GetRequiredService<PagesShutdown>());
        var app = builder.Build();
        app.Use(Guard);
        app.UseRouting();
        app.MapPages();
        if (pages.Dashboard)
        {
            app.MapOrleansDashboard(Dashboard);
        }

        return app;
    }

    /// <summary>Runs a host until it is stopped.</summary>
    /// <exception cref="EbmException">Something else listens where the pages should be.</exception>
    public static async Task Run(IHost host, int port)
    {
        try
        {
            await host.RunAsync();
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new EbmException($"pages-port {port}: {e.Message} Choose another port, or 0 for no pages.", e);
        }
    }

    /// <summary>Where the pages of a host that has started are; null where it serves none.</summary>
    public static string? Address(IHost host) => host.Services.GetService<IServer>()?.Features
        .Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } address ? address + "/" : null;

    private static async Task Guard(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(Dashboard) ? DashboardPolicy : Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-cache";
        if (context.RequestServices.GetRequiredService<PagesAccess>().Refusal(context.Request) is { } refusal)
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(refusal);
        }
        else if (await context.RequestServices.GetRequiredService<PagesSignIn>().Passes(context))
        {
            await next(context);
        }
    }
}
