using Ebm.Client.Local;
using Ebm.Client.Output;
using Ebm.Contracts.Runs;

namespace Ebm.Client.Chaos;

/// <summary>A line a fault, and the verdicts.</summary>
internal sealed class TextChaosView(ChaosOptions options) : IChaosView
{
    public void Started(LocalCluster cluster) => Console.Out.WriteLine(
        $"{cluster.Silos.Count} silos and a Redis in {cluster.Folder}; first the undisturbed run");

    public void Calm(RunStatus status, double seconds)
    {
        Console.Out.WriteLine(HumanFormat.Of($"undisturbed: {status.Rounds} rounds in {HumanFormat.Span(seconds)}"));
        Show(status);
        Console.Out.WriteLine(HumanFormat.Of($"now with {options.Kills} faults, seed {options.Seed}"));
    }

    public void Happened(InjectedFault fault) => Console.Out.WriteLine(
        HumanFormat.Of($"{fault.Plan.Number,4}  round {fault.Round,-6} {Name(fault.Plan.Kind),-15} {fault.Target,-16} "
            + $"{fault.Plan.Point ?? "any moment",-14} ")
        + (fault.Stalled is { } seconds ? HumanFormat.Of($"{seconds,5:0.0} s without a round") : "no later round")
        + (fault.WasServer ? "  (parameter server)" : "") + (fault.Note is { } note ? $"  ({note})" : ""));

    public void Ended(DisturbedRun run)
    {
        Console.Out.WriteLine(HumanFormat.Of(
            $"{run.Ended.Id}: {run.Ended.Round} of {run.Ended.Rounds} rounds in {HumanFormat.Span(run.Seconds)}"));
        Show(run.Ended);
    }

    public void Ended(ChaosResult result, IReadOnlyList<Verdict> verdicts)
    {
        Console.Out.WriteLine();
        foreach (var (kind, stalls) in ChaosMetrics.Stalls(result))
        {
            Console.Out.WriteLine(HumanFormat.Of(
                $"{Name(kind),-15} {stalls.Count,3} times; without a new round: "
                    + $"median {ChaosMetrics.Median(stalls):0.0} s, longest {stalls.Max():0.0} s"));
        }

        Console.Out.WriteLine(HumanFormat.Of(
            $"goodput {result.Goodput * 100:0} % of the undisturbed run's, {result.Kills} processes died or were "
                + $"stopped, {result.Repeated} rounds computed again"));
        Console.Out.WriteLine();
        foreach (var verdict in verdicts)
        {
            Console.Out.WriteLine($"{(verdict.Held ? "held  " : "FAILED")}  {verdict.Invariant,-6}  {verdict.Text}");
        }
    }

    /// <summary>A kind as the command line has it.</summary>
    internal static string Name(FaultKind kind) =>
        System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    private static void Show(RunStatus status)
    {
        Console.Out.WriteLine($"  parameters sha256 {status.Result?.ParametersSha256}");
        Console.Out.WriteLine($"  state      sha256 {status.Result?.StateSha256}");
    }
}
