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
/// The endpoints for operators, on their own port: <c>/metrics</c> for Prometheus, and the health checks
/// <c>/health/startup</c>, <c>/health/ready</c> and <c>/health/live</c> for an orchestrator. A health check returns 200
/// or 503, with the reason in one line. The last one only checks that the process answers.
/// </summary>
internal sealed class OperationsHost(
    SiloSettings settings, MeterProvider metrics, ISiloStatusOracle silo, StoreHealth store,
    IHostApplicationLifetime lifetime) : IHostedService, IAsyncDisposable
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
        MapCheck("/health/startup", FindInactive);
        MapCheck(
            "/health/ready",
            () => lifetime.ApplicationStopping.IsCancellationRequested ? "the silo is stopping" : FindInactive());
        MapCheck("/health/live", () => null);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new InputException(
                $"operations-port: cannot listen on {settings.Listening()}:{settings.OperationsPort} "
                + $"({e.InnerException?.Message ?? e.Message}). Choose another port, or 0 for none.", e);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    private string? FindInactive() =>
        silo.CurrentStatus == SiloStatus.Active ? null : $"the silo is {silo.CurrentStatus}";

    // An unavailable store is reported, but fails no check: restarting the silo would not repair the store.
    private void MapCheck(string path, Func<string?> findProblem) => _app!.MapGet(path, context =>
    {
        var problem = findProblem();
        context.Response.StatusCode =
            problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        var waiting = store.Waiting is { } reason ? "; " + reason : "";
        return context.Response.WriteAsync($"{problem ?? "healthy"}{waiting}\n");
    });
}
