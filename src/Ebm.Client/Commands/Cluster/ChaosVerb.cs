using System.CommandLine;
using Ebm.Client.Chaos;
using Ebm.Client.Local;
using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Configuration.Reading;
using Ebm.Core;

namespace Ebm.Client.Commands.Cluster;

/// <summary><c>chaos SPEC</c>: tests the fault tolerance of a run on this machine.</summary>
internal static class ChaosVerb
{
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Draw kind, time and place of the faults from this seed.", HelpName = "S",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Kills = SharedOptions.Count(
        "--kills", 1, 8, "Inject this many faults, and repeat the spec's run until all have "
            + "happened. Fewer faults fail.");

    private static readonly Option<int> Silos = SharedOptions.Count(
        "--silos", 1, 3, "Start this many silos with lanes.");

    private static readonly Option<int> Control = SharedOptions.Count(
        "--control", 0, 0, "Start this many further silos without lanes, which host the runs; "
            + "with 0, all silos do both.");

    private static readonly Option<bool> Overlap = new("--overlap")
    {
        Description = "Allow a fault before the cluster has recovered from the last one.",
    };

    private static readonly Option<string[]> Kinds = new("--faults")
    {
        Description = "Choose faults of these kinds, separated by commas "
            + $"({string.Join(", ", Enum.GetValues<FaultKind>().Select(TextChaosView.Name))}). Default: a mixture.",
        HelpName = "KIND,...",
        DefaultValueFactory = _ => [],
    };

    public static Command Create()
    {
        var verb = new Verb(
            "chaos", "Run a spec with and without injected faults, and compare the results.", HelpGroups.Cluster,
            "./ebm chaos examples/chaos.yaml --seed 1 --kills 8",
            "./ebm chaos examples/chaos.yaml --faults redis-away --kills 1",
            "./ebm chaos examples/chaos.yaml --seed 7 --kills 20 --overlap --output json")
        {
            SharedOptions.Spec, Seed, Kills, Kinds, Overlap, Silos, Control, SharedOptions.Set, SharedOptions.Output,
        };
        verb.Does(Chaos);
        return verb;
    }

    private static async Task<ExitCode> Chaos(ParseResult parsed)
    {
        var spec = SpecFile.Load(parsed.GetValue(SharedOptions.Spec)!, parsed.GetValue(SharedOptions.Set)!).Spec;
        var options = new ChaosOptions(
            spec, parsed.GetValue(Seed), parsed.GetValue(Kills), KindsOf(parsed.GetValue(Kinds)!),
            parsed.GetValue(Overlap),
            new LocalClusterOptions { Silos = parsed.GetValue(Silos), Control = parsed.GetValue(Control) });
        IChaosView view = SharedOptions.FormatOf(parsed) == OutputFormat.Json
            ? new JsonChaosView()
            : new TextChaosView(options);
        using var stop = new CancellationTokenSource();
        using var signals = new StopSignals();
        signals.Arm(stop.Cancel);
        try
        {
            var result = await new ChaosRun(options, view, TimeProvider.System).Run(stop.Token);
            var verdicts = Verdicts.Of(result);
            view.Ended(result, verdicts);
            return verdicts.All(v => v.Held) ? ExitCode.Succeeded : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("stopped; the cluster has ended");
            return ExitCode.Interrupted;
        }
    }

    private static IReadOnlyList<FaultKind> KindsOf(string[] given) =>
        [.. given.SelectMany(g => g.Split(',')).Select(KindOf)];

    private static FaultKind KindOf(string name) =>
        Enum.GetValues<FaultKind>().Where(k => TextChaosView.Name(k) == name.Trim()).ToArray() is [var kind, ..]
            ? kind
            : throw new InputException($"--faults: '{name}' is not a kind of fault. Expected some of "
                + string.Join(", ", Enum.GetValues<FaultKind>().Select(TextChaosView.Name)) + ".");
}
