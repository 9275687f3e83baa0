using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Silo.Pages;

/// <summary>JSON of messages to pages: as in the metrics, with names of enumeration values.</summary>
internal static class PagesJson
{
    /// <summary>The content type.</summary>
    public const string Type = "application/json; charset=utf-8";

    public static JsonSerializerOptions Options { get; } = new(MetricsJson.Line)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Any value.</summary>
    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>A run's status; the latest round is an object of figures, as in the metrics.</summary>
    public static JsonObject Node(RunStatus status)
    {
        var node = JsonSerializer.SerializeToNode(status, Options)!.AsObject();
        node["latest"] = status.Latest is { } latest ? MetricsJson.Write(latest) : null;
        return node;
    }
}
