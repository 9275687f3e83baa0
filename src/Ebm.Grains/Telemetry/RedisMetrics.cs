using System.Diagnostics.Metrics;

namespace Ebm.Grains.Telemetry;

/// <summary>Metrics of the way to Redis, after OpenTelemetry's conventions for databases.</summary>
internal sealed class RedisMetrics : IDisposable
{
    private readonly Meter _meter = new(Catalogue.Source);
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _bytes;

    /// <summary>Of a connection.</summary>
    public RedisMetrics()
    {
        _duration = _meter.Histogram(Catalogue.RedisDuration);
        _bytes = _meter.Counter(Catalogue.RedisBytes);
    }

    /// <summary>A call was answered, or failed.</summary>
    public void Called(TimeSpan time, bool writes, Exception? failure)
    {
        var operation = Catalogue.Operation.Is(writes ? "write" : "read");
        if (failure is null)
        {
            _duration.Record(time.TotalSeconds, Catalogue.Database.Is("redis"), operation);
        }
        else
        {
            _duration.Record(
                time.TotalSeconds, Catalogue.Database.Is("redis"), operation,
                Catalogue.Error.Is(failure.GetType().Name));
        }
    }

    /// <summary>Bytes of slots or of a checkpoint went there.</summary>
    public void Wrote(string payload, long bytes) =>
        _bytes.Add(bytes, Catalogue.Direction.Is("write"), Catalogue.Payload.Is(payload));

    /// <summary>Bytes came from there.</summary>
    public void Read(string payload, long bytes) =>
        _bytes.Add(bytes, Catalogue.Direction.Is("read"), Catalogue.Payload.Is(payload));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
