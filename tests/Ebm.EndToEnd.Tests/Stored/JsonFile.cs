using System.Text.Json;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>JSON taken apart into its values and into the names of its members.</summary>
internal static class JsonFile
{
    /// <summary>The values of a file: one, or one a line where its name ends with l.</summary>
    public static IReadOnlyList<JsonElement> Read(string path) =>
    [
        .. (path.EndsWith('l') ? File.ReadLines(path) : [File.ReadAllText(path)])
            .Select(text => JsonSerializer.Deserialize<JsonElement>(text)),
    ];

    /// <summary>All numbers, texts and truth values, whatever they are called.</summary>
    public static IEnumerable<string> Values(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member => Values(member.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Values),
        JsonValueKind.Null => [],
        JsonValueKind.String => [json.GetString()!],
        _ => [json.GetRawText()],
    };

    /// <summary>All names of members, each with the names above it.</summary>
    public static IEnumerable<string> Members(JsonElement json, string path = "") => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(member =>
            Members(member.Value, $"{path}.{member.Name}").Prepend($"{path}.{member.Name}")),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(item => Members(item, path)),
        _ => [],
    };

    /// <summary>Asserts that all values of some JSON are among those of other JSON.</summary>
    public static void AssertHolds(IEnumerable<JsonElement> stored, IEnumerable<JsonElement> now)
    {
        var left = now.SelectMany(Values).ToList();
        string[] missing = [.. stored.SelectMany(Values).Where(value => !left.Remove(value))];
        Assert.Empty(missing);
    }
}
