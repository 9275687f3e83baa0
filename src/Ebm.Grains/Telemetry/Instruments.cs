using System.Diagnostics.Metrics;

namespace Ebm.Grains.Telemetry;

/// <summary>
/// Makes instruments of a meter from the catalogue's entries, so that none can be called or measured otherwise.
/// </summary>
internal static class Instruments
{
    private static readonly InstrumentAdvice<double>
        Seconds = Buckets(0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
        Bytes = Buckets(1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10),
        Counts = Buckets(0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000);

    public static Counter<long> Counter(this Meter meter, MetricEntry entry) =>
        meter.CreateCounter<long>(entry.Name, entry.Unit, entry.Description);

    public static Histogram<double> Histogram(this Meter meter, MetricEntry entry) => meter.CreateHistogram(
        entry.Name, entry.Unit, entry.Description, null,
        entry.Unit switch { "s" => Seconds, "By" => Bytes, _ => Counts });

    public static void Gauge(this Meter meter, MetricEntry entry, Func<IEnumerable<Measurement<double>>> observe) =>
        meter.CreateObservableGauge(entry.Name, observe, entry.Unit, entry.Description);

    public static void Gauge(
        this Meter meter, MetricEntry entry, Func<double> observe, params KeyValuePair<string, object?>[] tags) =>
        meter.CreateObservableGauge(
            entry.Name, () => new Measurement<double>(observe(), tags), entry.Unit, entry.Description);

    public static void Counter(this Meter meter, MetricEntry entry, Func<IEnumerable<Measurement<double>>> observe) =>
        meter.CreateObservableCounter(entry.Name, observe, entry.Unit, entry.Description);

    /// <summary>An attribute of a measurement.</summary>
    public static KeyValuePair<string, object?> Is(this AttributeEntry attribute, object? value) =>
        new(attribute.Name, value);

    private static InstrumentAdvice<double> Buckets(params double[] boundaries) =>
        new() { HistogramBucketBoundaries = boundaries };
}
