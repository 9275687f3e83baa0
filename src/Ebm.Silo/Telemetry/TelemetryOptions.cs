using System.Globalization;
using Ebm.Core;

namespace Ebm.Silo.Telemetry;

/// <summary>Settings of the export of traces, metrics and logs.</summary>
/// <param name="Service">The service's name: <c>ebm-silo</c>, or <c>ebm</c> for the console.</param>
/// <param name="Instance">The name of the process.</param>
internal sealed record TelemetryOptions(string Service, string Instance)
{
    /// <summary>Default share of rounds whose trace is sampled.</summary>
    public const double DefaultRatio = 0.01;

    /// <summary>The standard variable that names a collector.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The variable with the share of sampled rounds, for silos and consoles.</summary>
    public const string RatioVariable = "EBM_TRACE_RATIO";

    /// <summary>Timeout of an export, and of the flush at the end.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>The collector's address; null sends no telemetry.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The share of rounds whose trace is sampled, in [0, 1].</summary>
    public double Ratio { get; init; } = DefaultRatio;

    /// <summary>Further attributes of the process.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();

    /// <summary>Whether this process serves its metrics to a scraper.</summary>
    public bool Scraped { get; init; }

    /// <summary>The settings of a console, from its environment.</summary>
    /// <exception cref="InputException">A variable has an invalid value.</exception>
    public static TelemetryOptions OfConsole() => new("ebm", $"{Environment.MachineName}-{Environment.ProcessId}")
    {
        Endpoint = EndpointFromEnvironment(),
        Ratio = Environment.GetEnvironmentVariable(RatioVariable) is not { Length: > 0 } text ? DefaultRatio
            : double.TryParse(text, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio
            : throw new InputException($"{RatioVariable}: expected a share from 0 to 1, found '{text}'."),
    };

    /// <summary>The address of the collector in the standard variable, or null.</summary>
    /// <exception cref="InputException">The address is invalid.</exception>
    public static Uri? EndpointFromEnvironment() =>
        Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 } text
            ? Parse(text) ?? throw new InputException(
                $"{EndpointVariable}: expected the address of a collector, http://host:4317, found '{text}'.")
            : null;

    /// <summary>Parses a collector's address; null if it is invalid.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
