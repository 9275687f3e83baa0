using System.Text.Json;
using System.Text.Json.Nodes;
using Ebm.Grains.Stores;

namespace Ebm.Client.Output;

/// <summary>JSON objects on standard output, one a line; their first member is their type.</summary>
internal static class JsonOutput
{
    /// <summary>Writes an object of a type; <paramref name="fill"/> adds its members.</summary>
    public static void Write(string type, Action<JsonObject> fill)
    {
        var line = new JsonObject { ["type"] = type };
        fill(line);
        Console.Out.WriteLine(line.ToJsonString(MetricsJson.Line));
    }

    /// <summary>Fills an object with the members of a value.</summary>
    public static Action<JsonObject> Members<T>(T value) => o =>
    {
        foreach (var (name, member) in Node(value)!.AsObject())
        {
            o[name] = member?.DeepClone();
        }
    };

    /// <summary>Any value as the project writes it.</summary>
    public static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, MetricsJson.Line);
}
