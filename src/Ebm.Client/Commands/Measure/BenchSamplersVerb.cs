using System.CommandLine;
using Ebm.Client.Output;
using Ebm.Core.Benchmarks;
using Ebm.Grains.Devices;
using Microsoft.Extensions.Options;

namespace Ebm.Client.Commands.Measure;

/// <summary><c>bench samplers</c>: effective draws a second of each sampler on each model of a fixed set.</summary>
internal static class BenchSamplersVerb
{
    private const string NoRun = "bench";

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "A tenth of the draws: a look, in seconds rather than minutes.",
    };

    private static readonly Option<string?> Device = new("--device")
    {
        Description = "The device: cpu if not given, cuda, cuda:1.", HelpName = "DEVICE",
    };

    public static Command Create()
    {
        var verb = new Verb(
            "samplers", "Effective draws a second of each sampler on each model of a fixed set, on one lane.",
            HelpGroups.Measure,
            "./ebm bench samplers", "./ebm bench samplers --quick --output json | jq .essPerSecond")
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

        // A lane is one thread: on a processor its own time counts, so that other programs do not.
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
                var figures = await lanes.Run(NoRun, _ => SamplerBench.Measure(model, sampler, size, time));
                all.Add(figures);
                if (isJson)
                {
                    JsonOutput.Write("sampler", JsonOutput.Members(figures));
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
            ["model", "sampler", "step", "acceptance", "jump", "ESS energy", "ESS worst", "gradients/s", "ESS/s",
                "ESS/1000 gradients"],
            all.Select(f => (IReadOnlyList<string>)
            [
                f.Model, f.Sampler, OrNone(f.StepSize, HumanFormat.Figure), OrNone(f.Acceptance, HumanFormat.Figure),
                HumanFormat.Figure(f.JumpDistance),
                HumanFormat.Count(f.EnergyEss), HumanFormat.Count(f.WorstEss),
                OrNone(f.GradientsPerSecond, HumanFormat.Rate),
                HumanFormat.Rate(f.EssPerSecond), OrNone(f.EssPerGradient * 1000, HumanFormat.Figure),
            ]));
        if (all.Any(f => f.WorstEss == 0))
        {
            Console.Error.WriteLine("ESS 0: some chain never changed a feature; take more draws.");
        }

        Console.Error.WriteLine(HumanFormat.Of($"{BenchSize.Chains} chains, {size.Draws} draws each; "
            + $"ESS of {BenchSize.Chains * size.Draws} draws in all"));
        return ExitCode.Succeeded;
    }

    private static string OrNone(double? value, Func<double, string> text) => value is { } given ? text(given) : "-";
}
