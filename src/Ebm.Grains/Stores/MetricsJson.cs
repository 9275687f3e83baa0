using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ebm.Contracts.Runs;
using Ebm.Core.Diagnostics;

namespace Ebm.Grains.Stores;

/// <summary>How figures are written as JSON: camelCase, one object a line, NaN and infinities by name.</summary>
internal static class MetricsJson
{
    /// <summary>For lines.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Page { get; } = Options(indented: true);

    /// <summary>A round as one object: its figures, then how many negatives it drew and how long it took.</summary>
    public static JsonObject Write(RoundReport report)
    {
        var line = JsonSerializer.SerializeToNode(report.Figures, Line)!.AsObject();
        line["negatives"] = report.Negatives;
        line["seconds"] = Math.Round(report.Seconds, 6);
        return line;
    }

    /// <summary>The file's text, a line a round.</summary>
    public static byte[] Lines(IEnumerable<RoundReport> reports) =>
        Encoding.UTF8.GetBytes(string.Concat(reports.Select(r => Write(r).ToJsonString(Line) + "\n")));

    /// <summary>The round of such an object.</summary>
    public static RoundReport Read(string line)
    {
        var node = JsonNode.Parse(line)!.AsObject();
        return new RoundReport(
            node.Deserialize<RoundMetrics>(Line)!, (int?)node["negatives"] ?? 0, (double?)node["seconds"] ?? 0);
    }

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = indented,
    };
}
