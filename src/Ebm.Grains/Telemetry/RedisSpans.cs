using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace Ebm.Grains.Telemetry;

/// <summary>Spans of calls to Redis, after OpenTelemetry's conventions for databases.</summary>
internal sealed class RedisSpans(IConnectionMultiplexer connection)
{
    private readonly (string Host, int Port) _server = connection.GetEndPoints(configuredOnly: true)
        .FirstOrDefault() switch
    {
        DnsEndPoint name => (name.Host, name.Port),
        IPEndPoint address => (address.Address.ToString(), address.Port),
        _ => ("", 0),
    };

    /// <summary>Begins one.</summary>
    public Activity? Start(SpanEntry span, string operation) => Tracing.StartCall(span)
        .With(Catalogue.Database, "redis").With(Catalogue.Operation, operation)
        .With(Catalogue.Server, _server.Host).With(Catalogue.ServerPort, _server.Port);
}
