using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Ebm.Library.Tests.Configuration.Schema;

/// <summary>
/// As much of JSON Schema (draft 2020-12) as the spec's schema uses, read from the standard and not from the code under
/// test. A keyword that it does not know fails, so none goes unchecked.
/// </summary>
internal static class SchemaCheck
{
    /// <summary>The paths at which the value does not fit.</summary>
    public static IReadOnlyList<string> Errors(JsonNode schema, JsonNode? value, string path = "$") =>
        [.. schema.AsObject().SelectMany(keyword => Errors(keyword.Key, keyword.Value!, schema, value, path))];

    private static IEnumerable<string> Errors(
        string keyword, JsonNode rule, JsonNode schema, JsonNode? value, string path)
    {
        var number = value?.GetValueKind() == JsonValueKind.Number
            ? (double?)double.Parse(value.ToJsonString(), null)
            : null;
        var fits = keyword switch
        {
            "$schema" or "$defs" or "$ref" or "title" or "description" or "default" => true,
            "type" => rule is JsonArray types ? types.Any(t => IsOf((string)t!, value)) : IsOf((string)rule!, value),
            "const" => JsonNode.DeepEquals(rule, value),
            "enum" => rule.AsArray().Any(v => JsonNode.DeepEquals(v, value)),
            "minimum" => number is not { } v || v >= (double)rule,
            "maximum" => number is not { } v || v <= (double)rule,
            "exclusiveMinimum" => number is not { } v || v > (double)rule,
            "minLength" => value?.GetValueKind() != JsonValueKind.String || ((string)value!).Length >= (int)rule,
            "pattern" => value?.GetValueKind() != JsonValueKind.String || Regex.IsMatch((string)value!, (string)rule!),
            "minItems" => value is not JsonArray items || items.Count >= (int)rule,
            "maxItems" => value is not JsonArray items || items.Count <= (int)rule,
            "required" => value is not JsonObject o || rule.AsArray().All(name => o.ContainsKey((string)name!)),
            "additionalProperties" =>
                value is not JsonObject o || o.All(p => schema["properties"]!.AsObject().ContainsKey(p.Key)),
            "oneOf" => rule.AsArray().Count(s => Errors(s!, value, path).Count == 0) == 1,
            "properties" or "items" => true,
            _ => throw new NotSupportedException($"The schema uses '{keyword}', which this check does not know."),
        };
        var inner = (keyword, value) switch
        {
            ("properties", JsonObject o) =>
                o.Where(p => rule[p.Key] is not null).SelectMany(p => Errors(rule[p.Key]!, p.Value, $"{path}.{p.Key}")),
            ("$ref", _) => Errors(schema.Root["$defs"]![((string)rule!)["#/$defs/".Length..]]!, value, path),
            ("items", JsonArray a) => a.SelectMany((item, i) => Errors(rule, item, $"{path}[{i}]")),
            _ => [],
        };
        return fits ? inner : inner.Prepend($"{path}: {keyword}");
    }

    private static bool IsOf(string type, JsonNode? value) => (type, value?.GetValueKind() ?? JsonValueKind.Null) switch
    {
        ("object", JsonValueKind.Object) => true,
        ("array", JsonValueKind.Array) => true,
        ("string", JsonValueKind.String) => true,
        ("number", JsonValueKind.Number) => true,
        ("integer", JsonValueKind.Number) => double.IsInteger(double.Parse(value!.ToJsonString(), null)),
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("null", JsonValueKind.Null) => true,
        _ => false,
    };
}
