using Ebm.Grains.Telemetry;
using Microsoft.Extensions.Hosting;

namespace Ebm.Silo.Telemetry;

/// <summary>Initialises a silo's counters to zero at its start: a rate needs a first value.</summary>
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
