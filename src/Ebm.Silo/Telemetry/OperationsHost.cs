using Ebm.Core;
using Ebm.Grains.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Ebm.Silo.Telemetry;

/// <summary>
/// What a silo says to those who operate it, on a port of its own that no client needs: <c>/metrics</c> for a scraper,
/// and
/// <c>/health/startup</c>, <c>/health/ready</c> and <c>/health/live</c> for an orchestrator. Each health check answers
/// 200 or 503, with a line that says why. The last one asks nothing but that the process answers.
/// </summary>
internal sealed class OperationsHost(
    SiloSettings settings, MeterProvider metrics, ISiloStatusOracle silo, StoreHealth store,
    IHostApplicationLifetime lifetime)
    : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Listening(), settings.OperationsPort);
        });
        builder.Services.AddRoutingCore();
        _app = builder.Build();
        _app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, "/metrics", null, null);
        _app.UseRouting();
        Check("/health/startup", () => silo.CurrentStatus == SiloStatus.Active
            ? null
            : $"the silo is {silo.CurrentStatus}");
        Check("/health/ready", () => lifetime.ApplicationStopping.IsCancellationRequested ? "the silo is stopping"
            : silo.CurrentStatus == SiloStatus.Active ? null : $"the silo is {silo.CurrentStatus}");
        Check("/health/live", () => null);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new InputException(
                $"operations-port: nothing can listen on {settings.Listening()}:{settings.OperationsPort} "
                    + $"({e.InnerException?.Message ?? e.Message}); choose another port, or 0 for none.", e);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    // A store that is away is told, and fails no check: a silo that is started again would not find it either.
    private void Check(string path, Func<string?> trouble) => _app!.MapGet(path, context =>
    {
        var found = trouble();
        context.Response.StatusCode = found is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(
            $"{found ?? "well"}{(store.Waiting is { } waiting ? "; " + waiting : "")}\n");
    });
}
