using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.Runs;
using Ebm.Configuration.Reading;
using Ebm.Core.Datasets;
using Ebm.Core.Plans;
using Ebm.Core.Spec;
using Ebm.Grains.Runs;

namespace Ebm.Client.Commands.Prepare;

/// <summary><c>validate SPEC</c>: checks spec and data, and prints the size of the run.</summary>
internal static class ValidateVerb
{
    private const int MaximumListed = 10;

    public static Command Create()
    {
        var verb = new Verb(
            "validate", "Check a spec and its data, and print the size of the run.", HelpGroups.Prepare,
            "./ebm validate examples/two-moons.yaml",
            "./ebm validate spec.yaml --set learning.rounds=500 --output json")
        {
            SharedOptions.Spec, SharedOptions.Set, SharedOptions.Output,
        };
        verb.Does(Validate);
        return verb;
    }

    private static async Task<ExitCode> Validate(ParseResult parsed)
    {
        var spec = SpecFile.Load(parsed.GetValue(SharedOptions.Spec)!, parsed.GetValue(SharedOptions.Set)!).Spec;

        // A spec for a GPU can be checked on a machine without one: data is read on the CPU.
        using var local = new LocalLanes(spec with { Device = DeviceKind.Cpu }, 1);
        var run = await local.Contexts.Load(RunIds.Of(spec.Name, SpecJson.Digest(spec), null), spec);
        if (SharedOptions.FormatOf(parsed) == OutputFormat.Json)
        {
            JsonOutput.Write("plan", o =>
            {
                o["runId"] = run.Id;
                o["specSha256"] = SpecJson.Digest(spec);
                o["dataSha256"] = run.Data.Digest;
                o["moduleSha256"] = run.ModuleDigest;
                o["rounds"] = run.Plan.Rounds;
                o["chains"] = run.Plan.Chains;
                o["slots"] = run.HasSlots ? run.Plan.Slots : 0;
                o["shards"] = run.Plan.Shards.Count;
                o["parameters"] = run.Energy.Layout.Length;
                o["train"] = run.Data.Train.Count;
                o["validation"] = run.Data.Validation.Count;
                o["test"] = run.Data.Test.Count;
                o["features"] = run.Data.Train.Features;
                o["alphabet"] = run.Data.Alphabet?.Characters;
                o["checkpoints"] = JsonOutput.Node(CheckpointRounds(run.Plan));
            });
        }
        else
        {
            TextTable.Pairs(Pairs(run));
        }

        return ExitCode.Succeeded;
    }

    private static List<(string, string)> Pairs(RunContext run) =>
    [
        ("run", run.Id),
        ("data", DataText(run.Data)),
        .. run.Data.Alphabet is { } alphabet
            ? [("alphabet", HumanFormat.Of($"{alphabet.Characters}: {alphabet.Categories - 1} characters and padding"))]
            : Array.Empty<(string, string)>(),
        ("parameters", HumanFormat.Count(run.Energy.Layout.Length)),
        ("rounds", HumanFormat.Count(run.Plan.Rounds)),
        ("chains", HumanFormat.Of($"{run.Plan.Chains} a round in {run.Plan.Shards.Count} shards")),
        ("slots", run.HasSlots
            ? HumanFormat.Of($"{run.Plan.Slots}, {HumanFormat.Size((double)run.Plan.Slots * run.Codec.BytesPerState)}")
            : "none: chains do not persist"),
        ("checkpoints", CheckpointsText(run.Plan)),
    ];

    private static string DataText(Dataset data)
    {
        var (train, validation, test) = (data.Train.Count, data.Validation.Count, data.Test.Count);
        var image = data.Train.Image is { } shape ? $" ({shape})" : "";
        return $"{HumanFormat.Count(train)} training, {HumanFormat.Count(validation)} validation, "
            + HumanFormat.Of($"{HumanFormat.Count(test)} test rows of {data.Train.Features} features{image}");
    }

    private static string CheckpointsText(RunPlan plan)
    {
        var rounds = CheckpointRounds(plan);
        return "after rounds " + (rounds.Count <= MaximumListed
            ? string.Join(", ", rounds)
            : HumanFormat.Of($"{rounds[0]}, {rounds[1]}, {rounds[2]} ... {rounds[^1]} ({rounds.Count} in total)"));
    }

    private static List<int> CheckpointRounds(RunPlan plan) =>
        [.. Enumerable.Range(1, plan.Rounds).Where(plan.IsCheckpoint)];
}
