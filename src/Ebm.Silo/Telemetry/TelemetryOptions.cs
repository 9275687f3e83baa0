using System.Globalization;
using Ebm.Core;

namespace Ebm.Silo.Telemetry;

/// <summary>Where a process sends its traces, metrics and logs, and what of them.</summary>
/// <param name="Service">The service's name: <c>ebm-silo</c>, or <c>ebm</c> for the console.</param>
/// <param name="Instance">Which of them it is.</param>
public sealed record TelemetryOptions(string Service, string Instance)
{
    /// <summary>Rounds of which a trace is kept, as a share, where nothing else asks for it.</summary>
    public const double UsualRatio = 0.01;

    /// <summary>The standard variable that names a collector.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>The variable that names the share, of silos and of the console.</summary>
    public const string RatioVariable = "EBM_TRACE_RATIO";

    /// <summary>Longest time that an export, or the last one at the end, waits for the collector.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The collector's address; null where nothing is sent.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The share.</summary>
    public double Ratio { get; init; } = UsualRatio;

    /// <summary>Attributes of the process besides.</summary>
    public IReadOnlyDictionary<string, object> Attributes { get; init; } = new Dictionary<string, object>();

    /// <summary>Whether metrics are read at an endpoint of this process.</summary>
    public bool Scraped { get; init; }

    /// <summary>Of a console, whose environment says all of it.</summary>
    /// <exception cref="InputException">It says what cannot be.</exception>
    public static TelemetryOptions OfConsole() => new("ebm", $"{Environment.MachineName}-{Environment.ProcessId}")
    {
        Endpoint = EndpointFromEnvironment(),
        Ratio = Environment.GetEnvironmentVariable(RatioVariable) is not { Length: > 0 } text ? UsualRatio
            : double.TryParse(text, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1 ? ratio
            : throw new InputException($"{RatioVariable}: expected a share from 0 to 1, found '{text}'."),
    };

    /// <summary>The collector that the standard variable names, if it does.</summary>
    /// <exception cref="InputException">It names no address.</exception>
    public static Uri? EndpointFromEnvironment() =>
        Environment.GetEnvironmentVariable(EndpointVariable) is { Length: > 0 } text
        ? Parse(text) ?? throw new InputException(
            $"{EndpointVariable}: expected the address of a collector as http://host:4317, found '{text}'.")
        : null;

    /// <summary>A collector's address; null if it is none.</summary>
    public static Uri? Parse(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
