using System.CommandLine;

namespace Ebm.Client.Commands.Measure;

/// <summary><c>bench</c>: benchmarks.</summary>
internal static class BenchVerb
{
    public static Command Create()
    {
        var verb = new Verb(
            "bench", "Benchmark samplers, recovery and the cost of telemetry on this machine.", HelpGroups.Measure,
            "./ebm bench samplers", "./ebm bench samplers --quick --output json")
        {
            BenchSamplersVerb.Create(),
            BenchRecoveryVerb.Create(),
            BenchTelemetryVerb.Create(),
        };
        verb.SetAction(HelpPages.Show);
        return verb;
    }
}
