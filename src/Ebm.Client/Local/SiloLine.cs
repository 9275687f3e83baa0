using System.Text.Json;

namespace Ebm.Client.Local;

/// <summary>A line that a supervised silo writes to its standard output.</summary>
internal sealed record SiloLine
{
    /// <summary><c>ready</c>, <c>fault</c> or <c>error</c>.</summary>
    public string Type { get; init; } = "";

    public string Message { get; init; } = "";

    public string Point { get; init; } = "";

    public string Run { get; init; } = "";

    public long Round { get; init; }

    public string Act { get; init; } = "";

    /// <summary>Parses a line; null if it is another text, which libraries may write too.</summary>
    public static SiloLine? Read(string line)
    {
        if (!line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<SiloLine>(line, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
