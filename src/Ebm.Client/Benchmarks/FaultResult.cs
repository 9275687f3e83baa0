using System.Text.Json.Nodes;
using Ebm.Client.Output;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Benchmarks;

/// <summary>What a fault did to the plain loop, and what recovery made of it.</summary>
internal sealed record FaultResult(FaultCase Case, FaultRunEnd Undisturbed, FaultRunEnd Plain, FaultRunEnd Recovered)
{
    /// <summary>Names of <see cref="Row"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["model", "fault", "undisturbed", "plain", "sinks", "with recovery", "holds", "what it did", "seconds"];

    /// <summary>Whether the plain loop fails, or ends worse than is tolerated.</summary>
    public bool Sinks => IsWorse(Plain);

    /// <summary>Whether recovery ends no worse than is tolerated.</summary>
    public bool Holds => !IsWorse(Recovered);

    /// <summary>As texts.</summary>
    public IReadOnlyList<string> Row() =>
    [
        Case.Model, Case.Fault, Text(Undisturbed), Text(Plain), Sinks ? "yes" : "no", Text(Recovered),
        Holds ? "yes" : "no",
        string.Join(", ", Recovered.Status.Rollbacks.Select(
            r => HumanFormat.Of($"{r.Breach.Kind} {r.Breach.Round}→{r.Base}"))),
        HumanFormat.Of($"{Plain.Seconds:0}, {Recovered.Seconds:0}"),
    ];

    /// <summary>As JSON.</summary>
    public void Fill(JsonObject o, ulong seed)
    {
        o["seed"] = seed;
        o["model"] = Case.Model;
        o["fault"] = Case.Fault;
        o["undisturbed"] = Undisturbed.LogLikelihood;
        o["plain"] = Plain.LogLikelihood;
        o["recovered"] = Recovered.LogLikelihood;
        o["sinks"] = Sinks;
        o["holds"] = Holds;
        o["rollbacks"] = JsonOutput.Node(Recovered.Status.Rollbacks);
        o["seconds"] = Math.Round(Recovered.Seconds, 1);
    }

    private bool IsWorse(FaultRunEnd run) =>
        run.LogLikelihood is not { } reached || !(reached >= Undisturbed.LogLikelihood - Case.Tolerance);

    private static string Text(FaultRunEnd run) =>
        run.Status.State != RunState.Succeeded
            ? "fails"
            : run.LogLikelihood is { } l ? HumanFormat.Of($"{l:0.000}") : "no density";
}
