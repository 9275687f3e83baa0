using System.Text.Json.Nodes;
using Ebm.Client.Output;
using Ebm.Grains.Stores;

namespace Ebm.Client.Runs;

/// <summary>A run's page for a program.</summary>
internal static class StatusJson
{
    /// <summary>Fills its JSON object.</summary>
    public static void Fill(JsonObject o, StatusPage page)
    {
        var status = page.Status;
        o["runId"] = status.Id;
        o["state"] = page.State;
        o["reason"] = status.Reason;
        o["round"] = page.Round;
        o["rounds"] = status.Rounds;
        o["seconds"] = status.Seconds;
        o["attempt"] = status.Attempt;
        o["rollbacks"] = JsonOutput.Node(status.Rollbacks);
        o["epoch"] = status.Epoch;
        o["submitted"] = JsonOutput.Node(status.Submitted);
        o["updated"] = JsonOutput.Node(status.Updated);
        o["lineage"] = status.Lineage is { } lineage ? JsonOutput.Node(lineage) : null;
        o["specSha256"] = status.SpecDigest;
        o["pins"] = status.Pins is { } pins ? JsonOutput.Node(pins) : null;
        o["latest"] = status.Latest is { } latest ? MetricsJson.Write(latest) : null;
        o["checkpoints"] = page.Checkpoints is null
            ? null
            : new JsonArray([.. page.Checkpoints.Select(c => (JsonNode)new JsonObject
        {
            ["round"] = c.Round, ["attempt"] = c.Attempt, ["scheduled"] = c.Scheduled, ["stateSha256"] = c.StateSha256,
        })]);
        o["slotBytes"] = page.Slots?.Bytes ?? 0;
        o["parametersSha256"] = status.Result?.ParametersSha256;
        o["stateSha256"] = status.Result?.StateSha256;
        o["samples"] = page.Samples;
        o["evaluation"] = JsonOutput.Node(status.Result?.Evaluation ?? new Dictionary<string, double>());
        if (page.Directory is { } directory)
        {
            o["directory"] = directory;
            return;
        }

        o["waiting"] = status.Waiting;
        o["servers"] = status.Servers;
        o["needs"] = status.Needs is { } needs
            ? new JsonObject { ["device"] = needs.Device, ["numerics"] = needs.Numerics }
            : null;
        o["shape"] = status.Shape is { } shape ? JsonOutput.Node(shape) : null;
        o["storage"] = page.Storage is { } storage ? JsonOutput.Node(storage) : null;
    }
}
