using System.Text.Json.Nodes;
using Ebm.Client.Local;
using Ebm.Client.Output;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Chaos;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonChaosView : IChaosView
{
    public void Started(LocalCluster cluster) => JsonOutput.Write("started", o =>
    {
        o["silos"] = cluster.Silos.Count;
        o["folder"] = cluster.Folder;
    });

    public void Calm(RunStatus status, double seconds) =>
        JsonOutput.Write("undisturbed", o => Fill(o, status, seconds));

    public void Happened(InjectedFault fault) => JsonOutput.Write("fault", o =>
    {
        o["number"] = fault.Plan.Number;
        o["kind"] = TextChaosView.Name(fault.Plan.Kind);
        o["point"] = fault.Plan.Point;
        o["target"] = fault.Target;
        o["server"] = fault.WasServer;
        o["round"] = fault.Round;
        o["stalledSeconds"] = fault.Stalled;
        o["note"] = fault.Note;
    });

    public void Ended(DisturbedRun run) => JsonOutput.Write("disturbed", o =>
    {
        Fill(o, run.Ended, run.Seconds);
        o["servers"] = run.Ended.Servers;
        o["roundsComputedAgain"] = run.Ended.Repeated;
    });

    public void Ended(ChaosResult result, IReadOnlyList<Verdict> verdicts)
    {
        JsonOutput.Write("result", o =>
        {
            o["goodput"] = result.Goodput;
            o["kills"] = result.Kills;
            o["roundsComputedAgain"] = result.Repeated;
            o["held"] = verdicts.All(v => v.Held);
            o["verdicts"] = new JsonArray([.. verdicts.Select(v => (JsonNode)new JsonObject
            {
                ["invariant"] = v.Invariant, ["held"] = v.Held, ["text"] = v.Text,
            })]);
            o["exitCode"] = (int)(verdicts.All(v => v.Held) ? ExitCode.Succeeded : ExitCode.Failed);
        });
    }

    private static void Fill(JsonObject o, RunStatus status, double seconds)
    {
        o["state"] = status.State.ToString().ToLowerInvariant();
        o["rounds"] = status.Round;
        o["seconds"] = seconds;
        o["parametersSha256"] = status.Result?.ParametersSha256;
        o["stateSha256"] = status.Result?.StateSha256;
    }
}
