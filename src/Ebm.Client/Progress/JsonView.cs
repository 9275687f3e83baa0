using System.Text.Json.Nodes;
using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;

namespace Ebm.Client.Progress;

/// <summary>One JSON object a line; rounds at most a few a second, and the last before anything else.</summary>
internal sealed class JsonView : IRunView
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time = TimeProvider.System;
    private RunEvent? _unshown;
    private long _shown;

    public void Accepted(RunStatus status, RunLocation place) => JsonOutput.Write("accepted", o =>
    {
        o["runId"] = status.Id;
        o["cluster"] = place.Name;
        o["state"] = TypeOf(status.State);
        o["round"] = status.Round;
        o["specSha256"] = status.SpecDigest;
    });

    public void Started(RunFacts facts, RunStatus status) => JsonOutput.Write("started", o =>
    {
        o["runId"] = facts.Id;
        Fill(o, facts.Place);
        o["rounds"] = facts.Rounds;
        o["round"] = status.Round;
        o["chains"] = facts.Shape.Chains;
        o["parameters"] = facts.Shape.Parameters;
        o["rows"] = facts.Shape.Rows;
        o["features"] = facts.Shape.Features;
        o[facts.Place.IsCluster ? "shards" : "lanes"] = facts.Place.IsCluster ? facts.Shape.Shards : facts.Lanes;
        o["device"] = facts.Device;
        o["epoch"] = status.Epoch;
        o["specSha256"] = status.SpecDigest;
        if (facts.Lineage is { } lineage)
        {
            o["lineage"] = JsonOutput.Node(lineage);
        }
    });

    public void Show(RunEvent e, RunStatus status)
    {
        if (e.Kind == RunEventKind.Round)
        {
            _unshown = e;
            if (_shown == 0 || _time.GetElapsedTime(_shown) >= Every)
            {
                Flush();
            }

            return;
        }

        Flush();
        JsonOutput.Write(TypeOf(e), o =>
        {
            o["round"] = e.Round;
            o[NameOf(e.Kind)] = RunEventText.Of(e);
            EventFacts.Fill(o, e);
        });
    }

    public void Notice(string text) => JsonOutput.Write("notice", o => o["message"] = text);

    public void Stopping() => Console.Error.WriteLine(Summary.StoppingText);

    public void Detached(RunStatus status, RunLocation place)
    {
        Flush();
        JsonOutput.Write("result", o =>
        {
            o["runId"] = status.Id;
            o["state"] = TypeOf(status.State);
            o["detached"] = true;
            Fill(o, place);
            o["exitCode"] = (int)ExitCode.Succeeded;
        });
        Console.Error.WriteLine(Summary.Detached(status, place));
    }

    public void Ended(RunOutcome outcome)
    {
        Flush();
        var status = outcome.Status;
        JsonOutput.Write("result", o =>
        {
            o["runId"] = status.Id;
            o["state"] = TypeOf(status.State);
            if (status.Reason is { } reason)
            {
                o["reason"] = reason;
            }

            o["rounds"] = status.Round;
            o["rollbacks"] = status.Rollbacks.Count;
            o["roundsInAll"] = status.Rounds;
            o["seconds"] = Math.Round(status.Seconds, 3);
            o["negativesPerSecond"] = Math.Round(outcome.NegativesPerSecond, 1);
            o["parametersSha256"] = status.Result?.ParametersSha256;
            o["stateSha256"] = status.Result?.StateSha256;
            Fill(o, outcome.Place);
            o["evaluation"] = JsonOutput.Node(status.Result?.Evaluation ?? new Dictionary<string, double>());
            o["exitCode"] = (int)outcome.ExitCode;
        });
    }

    public void Dispose()
    {
    }

    private void Flush()
    {
        if (_unshown is not { Report: { } report })
        {
            return;
        }

        JsonOutput.Write("round", o =>
        {
            foreach (var (name, value) in MetricsJson.Write(report).ToArray())
            {
                o[name] = value?.DeepClone();
            }
        });
        _unshown = null;
        _shown = _time.GetTimestamp();
    }

    private static void Fill(JsonObject o, RunLocation place) =>
        o[place.IsCluster ? "cluster" : "directory"] = place.IsCluster ? place.Name : Path.GetFullPath(place.Name);

    private static string NameOf(RunEventKind kind) => kind switch
    {
        RunEventKind.State => "state",
        RunEventKind.Checkpoint => "stateSha256",
        RunEventKind.Artefact => "file",
        RunEventKind.Evaluation => "figure",
        RunEventKind.Samples => "lines",
        _ => "message",
    };

    // A program that reads notices gets all that the user should know.
    private static string TypeOf(RunEvent e) =>
        e.Kind is RunEventKind.Waiting or RunEventKind.Resumed or RunEventKind.Rewound
            ? TypeOf(RunEventKind.Notice)
            : TypeOf(e.Kind);

    private static string TypeOf(Enum value) => value.ToString().ToLowerInvariant();
}
