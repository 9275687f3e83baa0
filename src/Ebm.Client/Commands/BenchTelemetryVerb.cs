using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Client.TelemetryCost;
using Ebm.Core;
using Ebm.Core.Diagnostics;
using Ebm.Core.Spec;

namespace Ebm.Client.Commands;

/// <summary><c>bench telemetry</c>: the CPU time of silos with telemetry and without, in pairs of which each is first in turn.</summary>
internal static class BenchTelemetryVerb
{
    private const int WarmUpRounds = 200;

    private static readonly Option<int> Pairs = SharedOptions.Count("--pairs", 5, 20, "Pairs of runs.");
    private static readonly Option<int> Silos = SharedOptions.Count("--silos", 1, 3, "Silos of each cluster.");

    public static Command Create()
    {
        var verb = new Verb(
            "telemetry", "CPU time of silos that trace, measure and log to a collector, over that of silos that do not.", Groups.Measure,
            "./ebm bench telemetry examples/mnist-rbm.yaml --set learning.epochs=1", "./ebm bench telemetry spec.yaml --pairs 5 --output json")
        {
            SharedOptions.Spec, SharedOptions.Set, Pairs, Silos, SharedOptions.Output,
        };
        verb.Does(Measure);
        return verb;
    }

    private static async Task<ExitCode> Measure(ParseResult parsed)
    {
        var spec = SpecFile.Load(parsed.GetValue(SharedOptions.Spec)!, parsed.GetValue(SharedOptions.Set)!).Spec;
        var (pairs, silos, isJson) = (parsed.GetValue(Pairs), parsed.GetValue(Silos), SharedOptions.FormatOf(parsed) == OutputFormat.Json);
        await using var sink = await Sink.Start(CancellationToken.None);
        var ratios = new List<double>();
        for (var pair = 1; pair <= pairs; pair++)
        {
            // New processes for each pair: how the runtime happens to compile one is a part of what varies.
            await using var plain = await MeasuredCluster.Start(silos, null, CancellationToken.None);
            await using var traced = await MeasuredCluster.Start(silos, sink.Endpoint, CancellationToken.None);
            var (without, with) = await Pair(spec, plain, traced, tracedFirst: pair % 2 == 0);
            ratios.Add(with / without);
            if (isJson)
            {
                JsonOutput.Write("pair", o => (o["pair"], o["cpuSecondsWithout"], o["cpuSecondsWith"]) = (pair, without.TotalSeconds, with.TotalSeconds));
            }
            else
            {
                Console.Error.WriteLine(Readable.Of($"pair {pair}: {without.TotalSeconds:0.00} s without, {with.TotalSeconds:0.00} s with"));
            }
        }

        Tell(PairedRatio.Of(ratios), isJson);
        return ExitCode.Succeeded;
    }

    private static async Task<(TimeSpan Without, TimeSpan With)> Pair(
        RunSpec spec, MeasuredCluster plain, MeasuredCluster traced, bool tracedFirst)
    {
        var time = TimeProvider.System;
        var warmUp = spec with { Learning = spec.Learning with { Rounds = WarmUpRounds, Epochs = null } };
        MeasuredCluster[] order = tracedFirst ? [traced, plain] : [plain, traced];
        foreach (var cluster in order)
        {
            await cluster.WarmUp(warmUp, time, CancellationToken.None);
        }

        var first = await order[0].Measure("measured", spec, time, CancellationToken.None);
        var second = await order[1].Measure("measured", spec, time, CancellationToken.None);
        if (first.Result.StateSha256 != second.Result.StateSha256)
        {
            throw new EbmException("the two runs of a pair ended with different bits.");
        }

        return tracedFirst ? (second.Cpu, first.Cpu) : (first.Cpu, second.Cpu);
    }

    private static void Tell(PairedRatio ratio, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write("result", o => (o["pairs"], o["ratio"], o["low95"], o["high95"]) = (ratio.Pairs, ratio.Mean, ratio.Low, ratio.High));
        }
        else
        {
            Console.Out.WriteLine(Readable.Of(
                $"CPU time with telemetry: {(ratio.Mean - 1) * 100:0.00} % more than without, 95 % interval {(ratio.Low - 1) * 100:0.00} to {(ratio.High - 1) * 100:0.00} %, {ratio.Pairs} pairs"));
        }
    }
}
