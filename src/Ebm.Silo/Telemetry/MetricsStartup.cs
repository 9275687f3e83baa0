using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Ebm.Silo.Telemetry;

/// <summary>
/// Lets a silo's metrics begin with the silo, those of what has not happened yet too: a rate needs a zero to start
/// from.
/// </summary>
internal sealed class MetricsStartup(SiloMetrics metrics) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Begin();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
