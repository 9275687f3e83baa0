using System.Text.Json;
using Ebm.Contracts.Runs;

namespace Ebm.Grains.Stores;

/// <summary>An event as one JSON object, as the journals store it.</summary>
internal static class EventJson
{
    /// <summary>The object, in one line.</summary>
    public static string Write(RunEvent e) => JsonSerializer.Serialize(e, MetricsJson.Line);

    /// <summary>The event of such an object, also of one that version 0.1 wrote.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static RunEvent Read(string json) =>
        TextOnlyEvents.AddFacts(JsonSerializer.Deserialize<RunEvent>(json, MetricsJson.Line)!);
}
