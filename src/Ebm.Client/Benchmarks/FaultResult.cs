using System.Text.Json.Nodes;
using Ebm.Client.Output;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Benchmarks;

/// <summary>The effect of a fault on training, without and with recovery.</summary>
internal sealed record FaultResult(FaultCase Case, FaultRunEnd Undisturbed, FaultRunEnd Plain, FaultRunEnd Recovered)
{
    /// <summary>Column names of <see cref="Row"/>.</summary>
    public static IReadOnlyList<string> Columns { get; } =
        ["model", "fault", "undisturbed", "plain", "degrades", "with recovery", "recovers", "rollbacks", "seconds"];

    /// <summary>Whether training without recovery fails, or ends outside the tolerance.</summary>
    public bool Degrades => IsWorse(Plain);

    /// <summary>Whether training with recovery ends within the tolerance.</summary>
    public bool Recovers => !IsWorse(Recovered);

    /// <summary>Renders a row of the table.</summary>
    public IReadOnlyList<string> Row() =>
    [
        Case.Model, Case.Fault, Text(Undisturbed), Text(Plain), Degrades ? "yes" : "no",
        Text(Recovered), Recovers ? "yes" : "no",
        string.Join(", ", Recovered.Status.Rollbacks.Select(r =>
            HumanFormat.Of($"{r.Violation.Kind} {r.Violation.Round}→{r.Base}"))),
        HumanFormat.Of($"{Plain.Seconds:0}, {Recovered.Seconds:0}"),
    ];

    /// <summary>Fills a JSON object.</summary>
    public void Fill(JsonObject o, ulong seed)
    {
        o["seed"] = seed;
        o["model"] = Case.Model;
        o["fault"] = Case.Fault;
        o["undisturbed"] = Undisturbed.LogLikelihood;
        o["plain"] = Plain.LogLikelihood;
        o["recovered"] = Recovered.LogLikelihood;
        o["sinks"] = Degrades;
        o["holds"] = Recovers;
        o["rollbacks"] = JsonOutput.Node(Recovered.Status.Rollbacks);
        o["seconds"] = Math.Round(Recovered.Seconds, 1);
    }

    private bool IsWorse(FaultRunEnd run) =>
        run.LogLikelihood is not { } reached || !(reached >= Undisturbed.LogLikelihood - Case.Tolerance);

    private static string Text(FaultRunEnd run) =>
        run.Status.State != RunState.Succeeded ? "fails"
        : run.LogLikelihood is { } l ? HumanFormat.Of($"{l:0.000}") : "no density";
}
