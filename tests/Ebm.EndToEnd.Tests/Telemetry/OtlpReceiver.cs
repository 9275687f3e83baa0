using System.Collections.Concurrent;
using Ebm.EndToEnd.Tests.Telemetry.Protocol;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>A collector: takes OTLP over gRPC on a free port, and keeps all of it.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    public string Endpoint =>
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>All spans so far.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. Taken.Spans];

    /// <summary>All metrics so far, each as it came last from a process.</summary>
    public IReadOnlyDictionary<(string Instance, string Name), Metric> Metrics => Taken.Metrics;

    /// <summary>All log records so far.</summary>
    public IReadOnlyList<LogRecord> Logs => [.. Taken.Logs];

    private Store Taken => _app.Services.GetRequiredService<Store>();

    public static async Task<OtlpReceiver> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore()
            .ConfigureKestrel(k => k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2));
        builder.Services.AddRoutingCore();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<Store>();
        var app = builder.Build();
        app.UseRouting();
        app.MapGrpcService<Traces>();
        app.MapGrpcService<Meters>();
        app.MapGrpcService<Records>();
        await app.StartAsync();
        return new OtlpReceiver(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal static string Value(IEnumerable<KeyValue> attributes, string key) =>
        attributes.FirstOrDefault(a => a.Key == key)?.Value switch
        {
            null => "",
            { ValueCase: AnyValue.ValueOneofCase.StringValue } text => text.StringValue,
            { ValueCase: AnyValue.ValueOneofCase.IntValue } number =>
                number.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
            { ValueCase: AnyValue.ValueOneofCase.DoubleValue } number =>
                number.DoubleValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
            var other => other.ToString(),
        };

    private sealed class Store
    {
        public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

        public ConcurrentDictionary<(string Instance, string Name), Metric> Metrics { get; } = new();

        public ConcurrentQueue<LogRecord> Logs { get; } = new();
    }

    private sealed class Traces(Store store) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(
            ExportTraceServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceSpans)
            {
                foreach (var span in resource.ScopeSpans.SelectMany(s => s.Spans))
                {
                    store.Spans.Enqueue(new ReceivedSpan(
                        Value(resource.Resource.Attributes, "service.name"),
                        Value(resource.Resource.Attributes, "service.instance.id"), span));
                }
            }

            return Task.FromResult(new ExportTraceServiceResponse());
        }
    }

    private sealed class Meters(Store store) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(
            ExportMetricsServiceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.ResourceMetrics)
            {
                foreach (var metric in resource.ScopeMetrics.SelectMany(s => s.Metrics))
                {
                    store.Metrics[(Value(resource.Resource.Attributes, "service.instance.id"), metric.Name)] = metric;
                }
            }

            return Task.FromResult(new ExportMetricsServiceResponse());
        }
    }

    private sealed class Records(Store store) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(
            ExportLogsServiceRequest request, ServerCallContext context)
        {
            foreach (var record in request.ResourceLogs.SelectMany(r => r.ScopeLogs).SelectMany(s => s.Records))
            {
                store.Logs.Enqueue(record);
            }

            return Task.FromResult(new ExportLogsServiceResponse());
        }
    }
}

/// <summary>A span, with the process that sent it.</summary>
internal sealed record ReceivedSpan(string Service, string Instance, Span Span)
{
    public string Name => Span.Name;

    public string Trace => Convert.ToHexString(Span.TraceId.Span);

    public string Id => Convert.ToHexString(Span.SpanId.Span);

    /// <summary>The span above it; null of a root.</summary>
    public string? Parent => Span.ParentSpanId.IsEmpty ? null : Convert.ToHexString(Span.ParentSpanId.Span);

    public IEnumerable<string> Links => Span.Links.Select(l => Convert.ToHexString(l.TraceId.Span));

    /// <summary>An attribute's value; empty where it is absent.</summary>
    public string this[string attribute] => OtlpReceiver.Value(Span.Attributes, attribute);

    public override string ToString() =>
        $"{Service}/{Instance} {Name} {string.Join(' ', Span.Attributes.Select(a => $"{a.Key}={this[a.Key]}"))}";
}
