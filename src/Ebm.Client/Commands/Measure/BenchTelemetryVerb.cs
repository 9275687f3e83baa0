using System.CommandLine;
using System.Globalization;
using Ebm.Client.Benchmarks;
using Ebm.Client.Output;
using Ebm.Configuration.Reading;
using Ebm.Core;
using Ebm.Core.Diagnostics;
using Ebm.Core.Spec;

namespace Ebm.Client.Commands.Measure;

/// <summary>
/// <c>bench telemetry</c>: the CPU time of silos with and without telemetry, in pairs of runs with alternating order.
/// </summary>
internal static class BenchTelemetryVerb
{
    // After these rounds, tiered compilation has optimised the hot methods.
    private const int WarmUpRounds = 1000;

    // Pairs of runs for each pair of clusters. Two sources of variance need new processes: the runtime's compilation,
    // and the placement of a run's grains on silos; the latter is larger.
    private const int PairsOfProcesses = 5;

    private static readonly Option<int> Pairs = SharedOptions.Count(
        "--pairs", 5, 20, "Measure this many pairs of runs.");

    private static readonly Option<int> Silos = SharedOptions.Count(
        "--silos", 1, 3, "Start this many silos in each cluster.");

    public static Command Create()
    {
        var verb = new Verb(
            "telemetry", "Measure the CPU time that telemetry costs silos.", HelpGroups.Measure,
            "./ebm bench telemetry examples/mnist-rbm.yaml --set learning.epochs=1",
            "./ebm bench telemetry spec.yaml --pairs 5 --output json")
        {
            SharedOptions.Spec, SharedOptions.Set, Pairs, Silos, SharedOptions.Output,
        };
        verb.Does(Measure);
        return verb;
    }

    private static async Task<ExitCode> Measure(ParseResult parsed)
    {
        var spec = SpecFile.Load(parsed.GetValue(SharedOptions.Spec)!, parsed.GetValue(SharedOptions.Set)!).Spec;
        var (pairs, silos) = (parsed.GetValue(Pairs), parsed.GetValue(Silos));
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        await using var sink = await OtlpSink.Start(CancellationToken.None);
        var ratios = new List<double>();
        while (ratios.Count < pairs)
        {
            await using var plain = await MeasuredCluster.Start(silos, null, CancellationToken.None);
            await using var traced = await MeasuredCluster.Start(silos, sink.Endpoint, CancellationToken.None);
            await WarmUp(spec, plain, traced);
            for (var i = 0; i < PairsOfProcesses && ratios.Count < pairs; i++)
            {
                var pair = ratios.Count + 1;
                var (without, with) = await Pair(pair, spec, plain, traced);
                ratios.Add(with / without);
                PrintPair(pair, without, with, isJson);
            }
        }

        Print(PairedRatio.Of(ratios), isJson);
        return ExitCode.Succeeded;
    }

    private static Task WarmUp(RunSpec spec, MeasuredCluster plain, MeasuredCluster traced)
    {
        var warmUp = spec with { Learning = spec.Learning with { Rounds = WarmUpRounds, Epochs = null } };
        return Task.WhenAll(
            plain.WarmUp(warmUp, TimeProvider.System, CancellationToken.None),
            traced.WarmUp(warmUp, TimeProvider.System, CancellationToken.None));
    }

    /// <summary>
    /// Runs both at the same time, so that other load on the machine, and their own, affects both equally.
    /// </summary>
    private static async Task<(TimeSpan Without, TimeSpan With)> Pair(
        int pair, RunSpec spec, MeasuredCluster plain, MeasuredCluster traced)
    {
        var tracedFirst = pair % 2 == 0;
        MeasuredCluster[] order = tracedFirst ? [traced, plain] : [plain, traced];
        var id = string.Create(CultureInfo.InvariantCulture, $"measured-{pair}");
        var runs = await Task.WhenAll(
            order.Select(cluster => cluster.Measure(id, spec, TimeProvider.System, CancellationToken.None)));
        if (runs[0].Result.StateSha256 != runs[1].Result.StateSha256)
        {
            throw new EbmException(
                $"the runs of pair {pair} ended with different bits ({runs[0].Result.StateSha256} and "
                + $"{runs[1].Result.StateSha256}). Telemetry must not change results: please report this.");
        }

        return tracedFirst ? (runs[1].Cpu, runs[0].Cpu) : (runs[0].Cpu, runs[1].Cpu);
    }

    private static void PrintPair(int pair, TimeSpan without, TimeSpan with, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write("pair", o => (o["pair"], o["cpuSecondsWithout"], o["cpuSecondsWith"]) =
                (pair, without.TotalSeconds, with.TotalSeconds));
        }
        else
        {
            Console.Error.WriteLine(HumanFormat.Of(
                $"pair {pair}: {without.TotalSeconds:0.00} s without, {with.TotalSeconds:0.00} s with"));
        }
    }

    private static void Print(PairedRatio ratio, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write("result", o => (o["pairs"], o["ratio"], o["low95"], o["high95"]) =
                (ratio.Pairs, ratio.Mean, ratio.Low, ratio.High));
        }
        else
        {
            static double Percent(double of) => (of - 1) * 100;
            Console.Out.WriteLine(
                HumanFormat.Of($"CPU time with telemetry: {Percent(ratio.Mean):0.00} % more than without, ")
                + HumanFormat.Of($"95 % interval {Percent(ratio.Low):0.00} to {Percent(ratio.High):0.00} %, ")
                + HumanFormat.Of($"{ratio.Pairs} pairs"));
        }
    }
}
