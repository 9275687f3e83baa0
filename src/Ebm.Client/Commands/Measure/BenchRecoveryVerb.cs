using System.CommandLine;
using Ebm.Client.Benchmarks;
using Ebm.Client.Output;
using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Client.Commands.Measure;

/// <summary>
/// <c>bench recovery</c>: trains specs with injected faults, without and with recovery, and compares them with the
/// undisturbed run.
/// </summary>
internal static class BenchRecoveryVerb
{
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Train all runs with this seed.", DefaultValueFactory = _ => 1, HelpName = "SEED",
    };

    private static readonly Option<string> Recipes = new("--recipes")
    {
        Description = "Read the specs from this folder.", DefaultValueFactory = _ => "bench/recovery", HelpName = "DIR",
    };

    private static readonly Option<string> Only = new("--only")
    {
        Description = "Inject only the faults whose model or name contains TEXT.", DefaultValueFactory = _ => "",
        HelpName = "TEXT",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "recovery", "Inject ten faults, without and with recovery, and compare exact likelihoods.",
            HelpGroups.Measure,
            "./ebm bench recovery",
            "./ebm bench recovery --seed 2 --only moons --output json")
        {
            Seed, Recipes, Only, SharedOptions.Lanes, SharedOptions.Output,
        };
        verb.Does(Measure);
        return verb;
    }

    private static async Task<ExitCode> Measure(ParseResult parsed)
    {
        var (seed, folder, only) = (parsed.GetValue(Seed), parsed.GetValue(Recipes)!, parsed.GetValue(Only)!);
        var lanes = parsed.GetValue(SharedOptions.Lanes);
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        RunSpec Spec(FaultCase c, params IEnumerable<string> sets) => SpecFile.Load(
            Path.Combine(folder, c.Recipe), [$"seed={seed}", .. sets]).Spec;
        var undisturbed = new Dictionary<string, FaultRunEnd>();
        var rows = new List<IReadOnlyList<string>>();
        foreach (var c in FaultCase.All.Where(c =>
            c.Model.Contains(only, StringComparison.Ordinal) || c.Fault.Contains(only, StringComparison.Ordinal)))
        {
            if (!undisturbed.TryGetValue(c.Recipe, out var baseline))
            {
                undisturbed.Add(c.Recipe, baseline = await FaultRun.Train(Spec(c), 0, lanes));
            }

            var plain = await FaultRun.Train(
                Spec(c, [.. c.Sets, "recovery.onDivergence=ignore"]), c.FaultyRound, lanes);
            var recovered = await FaultRun.Train(Spec(c, c.Sets), c.FaultyRound, lanes);
            var result = new FaultResult(c, baseline, plain, recovered);
            rows.Add(result.Row());
            if (isJson)
            {
                JsonOutput.Write("fault", o => result.Fill(o, seed));
            }
            else
            {
                Console.Error.WriteLine(string.Join("  ", result.Row()));
            }
        }

        if (!isJson)
        {
            TextTable.Write(FaultResult.Columns, rows);
        }

        return ExitCode.Succeeded;
    }
}
