using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Ebm.Silo.Telemetry;

/// <summary>
/// Sends what is left when the process ends: traces, metrics and logs side by side, so that a collector that does not
/// answer holds the end up by <see cref="TelemetryOptions.Patience"/> once.
/// </summary>
internal sealed class TelemetryFlush(IServiceProvider services) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        var patience = (int)TelemetryOptions.Patience.TotalMilliseconds;
        return Task.WhenAll(
            Task.Run(() => services.GetService<TracerProvider>()?.Shutdown(patience), CancellationToken.None),
            Task.Run(() => services.GetService<MeterProvider>()?.Shutdown(patience), CancellationToken.None),
            Task.Run(() => services.GetService<LoggerProvider>()?.Shutdown(patience), CancellationToken.None));
    }
}
