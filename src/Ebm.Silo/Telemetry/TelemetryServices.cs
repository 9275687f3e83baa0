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
/// Sends traces, metrics and logs over OTLP, from separate threads with bounded queues. If the collector is down or
/// slow, telemetry is dropped; training is unaffected.
/// </summary>
internal static class TelemetryServices
{
    private const int DefaultInterval = 15_000;

    // Calls between grains, activations and storage; not the runtime's internal calls.
    private static readonly string[] OrleansSources =
        ["Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage"];

    /// <summary>Adds telemetry to a silo.</summary>
    public static IServiceCollection AddSiloTelemetry(this IServiceCollection services, TelemetryOptions options) =>
        services.AddTelemetry(options).AddHostedService<MetricsStartup>();

    /// <summary>Adds telemetry to a process. Without a collector and without scraping it adds nothing.</summary>
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
                    var periodic = reader.PeriodicExportingMetricReaderOptions;
                    periodic.ExportIntervalMilliseconds = Interval;
                    periodic.ExportTimeoutMilliseconds = (int)TelemetryOptions.Timeout.TotalMilliseconds;
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

    // The standard variable. The library ignores it if an interval is set in code.
    private static int Interval
    {
        get
        {
            var text = Environment.GetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL");
            return int.TryParse(text, CultureInfo.InvariantCulture, out var given) && given > 0
                ? given
                : DefaultInterval;
        }
    }

    private static string Version => typeof(TelemetryServices).Assembly.GetName().Version?.ToString(3) ?? "?";

    private static void Send(OtlpExporterOptions otlp, Uri endpoint)
    {
        otlp.Endpoint = endpoint;
        otlp.TimeoutMilliseconds = (int)TelemetryOptions.Timeout.TotalMilliseconds;
        otlp.BatchExportProcessorOptions.ExporterTimeoutMilliseconds = otlp.TimeoutMilliseconds;
    }
}
