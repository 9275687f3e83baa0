using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ebm.Core.Spec;

/// <summary>
/// A mapping of the spec whose keys the spec does not define, as canonical JSON: keys in ordinal order, numbers in
/// their shortest form. Mappings with equal content are equal.
/// </summary>
[JsonConverter(typeof(FreeMappingConverter))]
public readonly record struct FreeMapping
{
    private readonly string? _json;

    private FreeMapping(string json) => _json = json;

    /// <summary>The canonical JSON text of an object.</summary>
    public string Json => _json ?? "{}";

    /// <summary>The mapping of a JSON object.</summary>
    /// <exception cref="JsonException">The value is not an object.</exception>
    public static FreeMapping Of(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"expected a mapping, found a value of kind {value.ValueKind}");
        }

        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            Write(writer, value);
        }

        return new FreeMapping(Encoding.UTF8.GetString(text.ToArray()));
    }

    /// <summary>The mapping as a JSON object.</summary>
    public JsonElement ToElement() => JsonSerializer.Deserialize<JsonElement>(Json);

    /// <inheritdoc/>
    public override string ToString() => Json;

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.Number when value.TryGetInt64(out var integer):
                writer.WriteNumberValue(integer);
                break;
            case JsonValueKind.Number when value.TryGetUInt64(out var integer):
                writer.WriteNumberValue(integer);
                break;
            case JsonValueKind.Number:
                writer.WriteNumberValue(value.TryGetDouble(out var number) && double.IsFinite(number)
                    ? number
                    : throw new JsonException($"{value.GetRawText()} is not in the range of a double"));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}

/// <summary>Reads and writes a free mapping as the object that it is.</summary>
internal sealed class FreeMappingConverter : JsonConverter<FreeMapping>
{
    /// <inheritdoc/>
    public override FreeMapping Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return FreeMapping.Of(document.RootElement);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, FreeMapping value, JsonSerializerOptions options) =>
        value.ToElement().WriteTo(writer);
}
