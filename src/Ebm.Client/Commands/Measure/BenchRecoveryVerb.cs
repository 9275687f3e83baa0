using System.CommandLine;
using Ebm.Client.Benchmarks;
using Ebm.Client.Output;
using Ebm.Configuration.Reading;
using Ebm.Core.Spec;

namespace Ebm.Client.Commands.Measure;

/// <summary>
/// <c>bench recovery</c>: faults injected into recipes, without and with recovery, against the undisturbed run.
/// </summary>
internal static class BenchRecoveryVerb
{
    private static readonly Option<ulong> Seed =
        new("--seed") { Description = "Seed of all runs.", DefaultValueFactory = _ => 1, HelpName = "SEED" };

    private static readonly Option<string> Recipes = new("--recipes")
    {
        Description = "Folder of the recipes.", DefaultValueFactory = _ => "bench/recovery", HelpName = "DIR",
    };

    private static readonly Option<string> Only = new("--only")
    {
        Description = "Only faults whose model or name contains this.", DefaultValueFactory = _ => "",
        HelpName = "TEXT",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "recovery", "Ten faults, each without and with recovery, against the undisturbed run: exact likelihoods.",
            HelpGroups.Measure,
            "./ebm bench recovery", "./ebm bench recovery --seed 2 --only moons --output json")
        {
            Seed, Recipes, Only, SharedOptions.Lanes, SharedOptions.Output,
        };
        verb.Does(Measure);
        return verb;
    }

    private static async Task<ExitCode> Measure(ParseResult parsed)
    {
        var (seed, folder, only) = (parsed.GetValue(Seed), parsed.GetValue(Recipes)!, parsed.GetValue(Only)!);
        var (lanes, isJson) = (parsed.GetValue(SharedOptions.Lanes),
            SharedOptions.FormatOf(parsed) == OutputFormat.Json);
        RunSpec Spec(FaultCase c, params IEnumerable<string> sets) => SpecFile.Load(
            Path.Combine(folder, c.Recipe), [$"seed={seed}", .. sets]).Spec;
        var undisturbed = new Dictionary<string, FaultRunEnd>();
        var rows = new List<IReadOnlyList<string>>();
        foreach (var c in FaultCase.All.Where(c => c.Model.Contains(only, StringComparison.Ordinal)
            || c.Fault.Contains(only, StringComparison.Ordinal)))
        {
            if (!undisturbed.TryGetValue(c.Recipe, out var calm))
            {
                undisturbed.Add(c.Recipe, calm = await FaultRun.Train(Spec(c), 0, lanes));
            }

            var plain = await FaultRun.Train(
                Spec(c, [.. c.Sets, "recovery.onDivergence=ignore"]), c.SpoiltRound, lanes);
            var recovered = await FaultRun.Train(Spec(c, c.Sets), c.SpoiltRound, lanes);
            var result = new FaultResult(c, calm, plain, recovered);
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
