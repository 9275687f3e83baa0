using System.ComponentModel;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ebm.Configuration.Reading;
using Ebm.Configuration.Rules;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Schema;

/// <summary>
/// The JSON Schema (draft 2020-12) of the spec, for completion and hints in an editor. It describes each field but not
/// the rules between fields (<see cref="SpecRules"/>).
/// </summary>
internal static class SpecSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as indented JSON.</summary>
    public static string Write()
    {
        var schema = Record(typeof(RunSpec), kind: null);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Run spec");
        schema.Insert(2, "description", typeof(RunSpec).GetCustomAttribute<DescriptionAttribute>()!.Description);
        schema["$defs"] = new JsonObject(Unions(typeof(RunSpec), [])
            .Select(union => KeyValuePair.Create(NameOf(union), (JsonNode?)new JsonObject
        {
            ["oneOf"] = new JsonArray([.. SpecShape.Kinds(union).Select(k => (JsonNode)Record(k.Record, k.Kind))]),
        })));
        return schema.ToJsonString(Layout) + "\n";
    }

    /// <summary>
    /// The unions reachable from a record's fields, each once: unions may contain others, or themselves.
    /// </summary>
    private static List<Type> Unions(Type record, List<Type> known)
    {
        foreach (var type in SpecShape.Fields(record).Select(f => f.Type))
        {
            if (SpecShape.IsUnion(type) && !known.Contains(type))
            {
                known.Add(type);
                SpecShape.Kinds(type).ToList().ForEach(k => Unions(k.Record, known));
            }
            else if (SpecShape.IsRecord(type) && !SpecShape.IsUnion(type))
            {
                Unions(type, known);
            }
        }

        return known;
    }

    private static string NameOf(Type union) => JsonNamingPolicy.CamelCase.ConvertName(union.Name[..^"Spec".Length]);

    private static JsonObject Record(Type record, string? kind)
    {
        var fields = SpecShape.Fields(record);
        var properties = new JsonObject();
        var required = fields.Where(f => f.IsRequired).Select(f => f.Name);
        if (kind is not null)
        {
            properties[SpecShape.Kind] = new JsonObject { ["const"] = kind };
            required = required.Prepend(SpecShape.Kind);
        }

        foreach (var field in fields)
        {
            properties[field.Name] = Field(field);
        }

        return new JsonObject
        {
            ["type"] = "object",
            ["properties"] = properties,
            ["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]),
            ["additionalProperties"] = false,
        };
    }

    private static JsonObject Field(SpecField field)
    {
        var schema = Value(field.Type, field);
        if (field.IsNullable && schema["type"] is { } type)
        {
            schema["type"] = new JsonArray(type.DeepClone(), "null");
        }

        schema.Insert(0, "description", field.Description);
        if (!field.IsRequired && field.Default is { } value)
        {
            schema["default"] = JsonSerializer.SerializeToNode(value, field.Type, SpecJson.Options);
        }

        return schema;
    }

    private static JsonObject Value(Type type, SpecField field)
    {
        if (type.IsArray)
        {
            return new JsonObject
            {
                ["type"] = "array",
                ["items"] = Value(type.GetElementType()!, field),
                ["minItems"] = field.Length?.MinimumLength ?? 0,
                ["maxItems"] = field.Length?.MaximumLength ?? int.MaxValue,
            };
        }

        return type switch
        {
            _ when type.IsEnum => new JsonObject { ["enum"] = Strings(SpecShape.Names(type)) },
            _ when SpecShape.IsUnion(type) => new JsonObject { ["$ref"] = $"#/$defs/{NameOf(type)}" },
            _ when SpecShape.IsRecord(type) => Record(type, kind: null),
            _ when type == typeof(FreeMapping) => new JsonObject { ["type"] = "object" },
            _ when type == typeof(string) => Text(field),
            _ when type == typeof(bool) => new JsonObject { ["type"] = "boolean" },
            _ => Number(type, field.Bounds),
        };
    }

    // The reader also accepts a plain number or boolean as a string; the schema does not offer this.
    private static JsonObject Text(SpecField field)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (field.Pattern is { } pattern)
        {
            schema["pattern"] = pattern;
        }
        else if (field.IsPath)
        {
            schema["minLength"] = 1;
        }

        return schema;
    }

    private static JsonObject Number(Type type, BoundsAttribute? bounds)
    {
        var schema = new JsonObject { ["type"] = type == typeof(double) ? "number" : "integer" };
        if (bounds is not null)
        {
            schema[bounds.Above ? "exclusiveMinimum" : "minimum"] = Limit(bounds.Minimum);
            schema["maximum"] = Limit(bounds.Maximum);
        }
        else if (type == typeof(ulong))
        {
            schema["minimum"] = 0;
        }

        return schema;
    }

    // 64 and not 64.0 or 1E+09, as a person writes it.
    private static JsonValue Limit(double value) =>
        value == Math.Floor(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(v => (JsonNode)v)]);
}
