using System.Text.Json;
using System.Text.Json.Nodes;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Reading;

/// <summary>Reads a mapping whose keys the spec does not define.</summary>
internal static class SpecFreeMapping
{
    // An alias shares its node in the tree, but is written out in JSON: a text could expand exponentially.
    private const int MostValues = 20_000;

    /// <summary>The mapping; problems have their path below it.</summary>
    /// <exception cref="SpecException">A number is too large, or there are too many values.</exception>
    public static FreeMapping Read(SpecMap map)
    {
        var values = 0;
        return FreeMapping.Of(JsonSerializer.SerializeToElement(Convert(map, "", ref values)));
    }

    private static JsonNode? Convert(SpecNode node, string path, ref int values)
    {
        if (++values > MostValues)
        {
            throw Error(node, path, $"too many values; at most {MostValues} are allowed");
        }

        switch (node)
        {
            case SpecMap map:
                var json = new JsonObject();
                foreach (var (key, value) in map.Entries)
                {
                    // null in an override restores the default.
                    if (!(value.IsNull && value.Location.IsOverride))
                    {
                        var name = Quote.Bare(key.Text);
                        json[key.Text] = Convert(value, path.Length == 0 ? name : $"{path}.{name}", ref values);
                    }
                }

                return json;
            case SpecList list:
                var items = new JsonArray();
                for (var i = 0; i < list.Items.Count; i++)
                {
                    items.Add(Convert(list.Items[i], $"{path}[{i}]", ref values));
                }

                return items;
            default:
                var scalar = (SpecScalar)node;
                try
                {
                    return SpecScalars.ReadUntyped(scalar);
                }
                catch (OverflowException)
                {
                    throw Error(node, path, $"{Quote.Text(scalar.Text)} is beyond the range of a double");
                }
        }
    }

    private static SpecException Error(SpecNode node, string path, string message) =>
        new([node.Location.CreateProblem(path, message)]);
}
