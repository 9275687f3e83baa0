using System.Globalization;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Ebm.Silo.Telemetry;

/// <summary>
/// Sends traces, metrics and logs by OTLP, from threads and bounded queues of their own: a collector that is away or
/// slow costs what it misses, and nothing else.
/// </summary>
public static class TelemetryServices
{
    private const int UsualInterval = 15_000;

    // Calls between grains, and what activations do on their way; not the runtime's own talk.
    private static readonly string[] OrleansSources =
        ["Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage"];

    /// <summary>Adds what the options ask for to a silo.</summary>
    public static IServiceCollection AddSiloTelemetry(this IServiceCollection services, TelemetryOptions options) =>
        services.AddTelemetry(options).AddHostedService<MetricsStartup>();

    /// <summary>Adds what the options ask for; without a collector and without scraping, nothing.</summary>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetryOptions options)
    {
        if (options.Endpoint is null && !options.Scraped)
        {
            return services;
        }

        var telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(options.Service, serviceInstanceId: options.Instance, serviceVersion: Version)
            .AddAttributes(options.Attributes));
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(Catalogue.Source).AddMeter([.. Catalogue.Foreign.Select(m => m.Name)])
                .SetExemplarFilter(ExemplarFilterType.TraceBased);
            if (options.Scraped)
            {
                metrics.AddPrometheusExporter();
            }

            if (options.Endpoint is { } collector)
            {
                metrics.AddOtlpExporter((otlp, reader) =>
                {
                    Send(otlp, collector);
                    reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = Interval;
                    reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds =
                        (int)TelemetryOptions.Patience.TotalMilliseconds;
                });
            }
        });
        if (options.Endpoint is { } endpoint)
        {
            telemetry.WithTracing(tracing => tracing
                .AddSource(Catalogue.Source).AddSource(OrleansSources)
                .SetSampler(new RoundSampler(options.Ratio))
                .AddOtlpExporter(otlp => Send(otlp, endpoint)));
            telemetry.WithLogging(
                logging => logging.AddOtlpExporter(otlp => Send(otlp, endpoint)),
                logs => logs.IncludeFormattedMessage = true);
        }

        return services.AddHostedService<TelemetryFlush>();
    }

    // The standard variable, which the library does not look at once it is asked for an interval of our own.
    private static int Interval =>
        int.TryParse(
            Environment.GetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL"), CultureInfo.InvariantCulture,
            out var given) && given > 0
            ? given : UsualInterval;

    private static string Version => typeof(TelemetryServices).Assembly.GetName().Version?.ToString(3) ?? "?";

    private static void Send(OtlpExporterOptions otlp, Uri endpoint)
    {
        otlp.Endpoint = endpoint;
        otlp.TimeoutMilliseconds = (int)TelemetryOptions.Patience.TotalMilliseconds;
        otlp.BatchExportProcessorOptions.ExporterTimeoutMilliseconds = otlp.TimeoutMilliseconds;
    }
}
