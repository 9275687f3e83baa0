using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebm.Core.Spec;

/// <summary>The canonical form of a spec: JSON with every default filled in. It is what travels and what is digested.</summary>
public static class SpecJson
{
    /// <summary>camelCase names and kebab-case enums, as in the YAML.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The canonical JSON of a spec.</summary>
    public static string Write(RunSpec spec) => JsonSerializer.Serialize(spec, Options);

    /// <summary>The spec of a canonical JSON text.</summary>
    public static RunSpec Read(string json) =>
        JsonSerializer.Deserialize<RunSpec>(json, Options)
        ?? throw new InputException("The spec is the JSON value null; expected an object.");

    /// <summary>SHA-256 (hex) of the canonical JSON: two specs with the same digest are the same run.</summary>
    public static string Digest(RunSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, Options)));
}
