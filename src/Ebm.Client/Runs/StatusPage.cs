using System.Text.Json.Nodes;
using Ebm.Client.Output;
using Ebm.Client.Progress;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Runs;

namespace Ebm.Client.Runs;

/// <summary>All that a run's folder says of it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Directory">Its folder.</param>
/// <param name="State">Its state, also <c>interrupted</c>.</param>
/// <param name="Record">Its record.</param>
/// <param name="Latest">The latest round that its metrics tell of.</param>
/// <param name="Checkpoints">Its checkpoints, the newest first.</param>
internal sealed record StatusPage(
    string Id, string Directory, string State, RunRecord Record, RoundReport? Latest, IReadOnlyList<Manifest> Checkpoints)
{
    // The record is written at checkpoints, the metrics between them.
    private long Round => State is "running" or "stopping" or "interrupted"
        ? Math.Max(Record.Round, Latest?.Figures.Round ?? 0)
        : Record.Round;

    private long SlotBytes => Checkpoints is [var newest, ..]
        ? newest.Files.Where(f => f.Name.StartsWith("slots-", StringComparison.Ordinal)).Sum(f => f.Length)
        : 0;

    /// <summary>Reads it.</summary>
    /// <exception cref="NotFoundException">There is no such run.</exception>
    public static StatusPage Of(RunFiles files, string id)
    {
        var record = files.Get(id);
        return new StatusPage(
            id, files.Of(id), files.StateOf(id, record), record, files.LatestMetrics(id), files.Checkpoints(id));
    }

    /// <summary>A line of the list.</summary>
    public IReadOnlyList<string> Row() =>
    [
        Id, State, Readable.Of($"{Round}"), Record.Rounds == 0 ? "?" : Readable.Of($"{Record.Rounds}"),
        Readable.Of($"{Record.Seconds:0.0}"), Readable.Time(Record.Updated),
    ];

    /// <summary>Names and values for a person.</summary>
    public IReadOnlyList<(string Name, string Value)> Pairs()
    {
        var pairs = new List<(string, string)> { ("run", Id), ("state", State) };
        void Add(string name, string? value)
        {
            if (value is not null)
            {
                pairs.Add((name, value));
            }
        }

        Add("reason", Record.Reason);
        Add("round", Readable.Of($"{Round} of {(Record.Rounds == 0 ? "?" : Record.Rounds)}"));
        Add("seconds", Readable.Of($"{Record.Seconds:0.0}"));
        Add("attempt", Readable.Of($"{Record.Attempt}"));
        Add("epoch", Readable.Of($"{Record.Epoch}"));
        Add("submitted", Readable.Time(Record.Submitted));
        Add("updated", Readable.Time(Record.Updated));
        Add("started from", Record.Lineage is { } l ? Readable.Of($"{l.Run}, round {l.Round}") : null);
        Add("spec sha256", Record.SpecDigest);
        Add("data sha256", Record.Pins?.DataDigest);
        Add("numerics", Record.Pins?.Numerics);
        foreach (var (name, value) in Latest is null ? [] : RoundFigureNames.Of(Latest.Figures))
        {
            Add(name, value);
        }

        Add("checkpoints", Checkpoints.Count == 0 ? "none" : string.Join(" ", Checkpoints.Select(c => Readable.Of($"{c.Round}"))));
        Add("slots", SlotBytes == 0 ? null : Readable.Of($"{Readable.Size(SlotBytes)} in {Checkpoints[0].Shards} shards"));
        Add("parameters sha256", Record.Result?.ParametersSha256);
        Add("state sha256", Record.Result?.StateSha256);
        foreach (var (name, value) in Record.Result?.Evaluation ?? new Dictionary<string, double>())
        {
            Add(name, Readable.Figure(value));
        }

        Add("directory", Directory);
        return pairs;
    }

    /// <summary>The members of its JSON object.</summary>
    public void Fill(JsonObject o)
    {
        o["runId"] = Id;
        o["state"] = State;
        o["reason"] = Record.Reason;
        o["round"] = Round;
        o["rounds"] = Record.Rounds;
        o["seconds"] = Record.Seconds;
        o["attempt"] = Record.Attempt;
        o["epoch"] = Record.Epoch;
        o["submitted"] = JsonOutput.Node(Record.Submitted);
        o["updated"] = JsonOutput.Node(Record.Updated);
        o["lineage"] = Record.Lineage is { } lineage ? JsonOutput.Node(lineage) : null;
        o["specSha256"] = Record.SpecDigest;
        o["pins"] = Record.Pins is { } pins ? JsonOutput.Node(pins) : null;
        o["latest"] = Latest is null ? null : Grains.Stores.MetricsJson.Write(Latest);
        o["checkpoints"] = new JsonArray([.. Checkpoints.Select(c => (JsonNode)new JsonObject
        {
            ["round"] = c.Round, ["attempt"] = c.Attempt, ["scheduled"] = c.Scheduled, ["stateSha256"] = c.StateSha256,
        })]);
        o["slotBytes"] = SlotBytes;
        o["parametersSha256"] = Record.Result?.ParametersSha256;
        o["stateSha256"] = Record.Result?.StateSha256;
        o["evaluation"] = JsonOutput.Node(Record.Result?.Evaluation ?? new Dictionary<string, double>());
        o["directory"] = Directory;
    }
}
