using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebm.Grains.Stores;

/// <summary>How figures are written as JSON: camelCase, one object a line, NaN and infinities by name.</summary>
public static class MetricsJson
{
    /// <summary>For lines.</summary>
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    /// <summary>For files that people read.</summary>
    public static JsonSerializerOptions Page { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = indented,
    };
}
