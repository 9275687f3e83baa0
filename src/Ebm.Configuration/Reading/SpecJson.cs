using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>The canonical form of a spec: JSON with all defaults filled in. Messages and digests use it.</summary>
public static class SpecJson
{
    /// <summary>camelCase names and kebab-case enums, as in the YAML.</summary>
    public static JsonSerializerOptions Options { get; } = With(new DefaultJsonTypeInfoResolver());

    // The folder of a data file is not part of a run's identity: a copy of the project elsewhere has the same runs. The
    // digest of the data pins the file's content.
    private static readonly JsonSerializerOptions Digested =
        With(new DefaultJsonTypeInfoResolver { Modifiers = { NamesAlone } });

    /// <summary>The canonical JSON of a spec.</summary>
    public static string Write(RunSpec spec) => JsonSerializer.Serialize(spec, Options);

    /// <summary>The spec of a canonical JSON text.</summary>
    public static RunSpec Read(string json) =>
        JsonSerializer.Deserialize<RunSpec>(json, Options)
        ?? throw new InputException("The spec is the JSON value null; expected an object.");

    /// <summary>
    /// SHA-256 (hex) of the canonical JSON, with data files named without their folders: specs of equal digests define
    /// the same run.
    /// </summary>
    public static string Digest(RunSpec spec) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(spec, Digested)));

    private static JsonSerializerOptions With(IJsonTypeInfoResolver resolver) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowOutOfOrderMetadataProperties = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        TypeInfoResolver = resolver,
    };

    private static void NamesAlone(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AttributeProvider?.IsDefined(typeof(NotInDigestAttribute), inherit: true) == true)
            {
                property.ShouldSerialize = (_, _) => false;
            }

            if (property.AttributeProvider?.IsDefined(typeof(FilePathAttribute), inherit: true) == true
                && property.Get is { } get)
            {
                property.Get = target => Path.GetFileName((string?)get(target));
            }
        }
    }
}
