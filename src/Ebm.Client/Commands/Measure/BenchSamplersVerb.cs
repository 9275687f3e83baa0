using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Core.Benchmarks;
using Ebm.Grains.Devices;
using Microsoft.Extensions.Options;

namespace Ebm.Client.Commands.Measure;

/// <summary>
/// <c>bench samplers</c>: the effective sample size per second of each sampler on a fixed set of models.
/// </summary>
internal static class BenchSamplersVerb
{
    private const string NoRun = "bench";

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Take a tenth of the draws: a rough result in seconds, not minutes.",
    };

    private static readonly Option<string?> Device = new("--device")
    {
        Description = "Use this device: cpu, cuda, cuda:1. Default: cpu.", HelpName = "DEVICE",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "samplers", "Measure the effective samples per second of each sampler, on one lane.", HelpGroups.Measure,
            "./ebm bench samplers",
            "./ebm bench samplers --quick --output json | jq .essPerSecond")
        {
            Quick, Device, SharedOptions.Output,
        };
        verb.Does(Measure);
        return verb;
    }

    private static async Task<ExitCode> Measure(ParseResult parsed)
    {
        var size = parsed.GetValue(Quick) ? BenchSize.Quick : BenchSize.Full;
        var isJson = SharedOptions.FormatOf(parsed) == OutputFormat.Json;
        using var lanes = new DeviceLanes(
            Options.Create(new LaneOptions { Device = parsed.GetValue(Device) ?? "cpu", Lanes = 1 }));

        // On a CPU the process's own CPU time counts, so that other programs do not disturb: a lane is one thread.
        var started = TimeProvider.System.GetTimestamp();
        Func<TimeSpan> time = lanes.Device.type == TorchSharp.DeviceType.CPU
            ? () => Environment.CpuUsage.TotalTime
            : () => TimeProvider.System.GetElapsedTime(started);
        List<SamplerMetrics> all = [];
        foreach (var make in BenchModels.All)
        {
            using var model = await lanes.Run(NoRun, lane => make(lane.Device));
            foreach (var sampler in model.Samplers)
            {
                var metrics = await lanes.Run(NoRun, _ => SamplerBench.Measure(model, sampler, size, time));
                all.Add(metrics);
                if (isJson)
                {
                    JsonOutput.Write("sampler", JsonOutput.Members(metrics));
                }
            }

            if (!isJson)
            {
                Console.Error.WriteLine(HumanFormat.Of($"measured {model.Name}"));
            }
        }

        if (isJson)
        {
            JsonOutput.Write("result", o =>
            {
                o["chains"] = BenchSize.Chains;
                o["draws"] = size.Draws;
                o["exitCode"] = (int)ExitCode.Succeeded;
            });
            return ExitCode.Succeeded;
        }

        TextTable.Write(
            [
                "model", "sampler", "step", "acceptance", "jump", "ESS energy", "ESS worst", "gradients/s", "ESS/s",
                "ESS/1000 gradients",
            ],
            all.Select(Row));
        if (all.Any(m => m.WorstEss == 0))
        {
            Console.Error.WriteLine("ESS 0: in some chain a feature never changed. Take more draws.");
        }

        Console.Error.WriteLine(HumanFormat.Of($"{BenchSize.Chains} chains with {size.Draws} draws each; ")
            + HumanFormat.Of($"ESS of {BenchSize.Chains * size.Draws} draws in total"));
        return ExitCode.Succeeded;
    }

    private static IReadOnlyList<string> Row(SamplerMetrics m) =>
    [
        m.Model, m.Sampler, OrNone(m.StepSize, HumanFormat.Number), OrNone(m.Acceptance, HumanFormat.Number),
        HumanFormat.Number(m.JumpDistance), HumanFormat.Count(m.EnergyEss), HumanFormat.Count(m.WorstEss),
        OrNone(m.GradientsPerSecond, HumanFormat.Rate), HumanFormat.Rate(m.EssPerSecond),
        OrNone(m.EssPerGradient * 1000, HumanFormat.Number),
    ];

    private static string OrNone(double? value, Func<double, string> text) => value is { } given ? text(given) : "-";
}
