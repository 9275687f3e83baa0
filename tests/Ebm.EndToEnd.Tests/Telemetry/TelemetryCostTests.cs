using Ebm.Client.Benchmarks;
using Ebm.Configuration.Reading;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Telemetry;

/// <summary>What <c>bench telemetry</c> measures with.</summary>
[Trait("Category", "Extra")]
public sealed class TelemetryCostTests
{
    [Fact]
    public async Task Measure_OfARun_SeesTheSilosWorkAndSend()
    {
        using var console = new EbmConsole();
        var spec = SpecFile.Load(SmallSpecs.Rbm(console), []).Spec;
        await using var sink = await OtlpSink.Start(TestContext.Current.CancellationToken);
        await using (var cluster = await MeasuredCluster.Start(2, sink.Endpoint, TestContext.Current.CancellationToken))
        {
            var (cpu, result) = await cluster.Measure(
                "measured", spec, TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.InRange(cpu.TotalSeconds, 0.1, 600);
            Assert.Equal(60, result.Round);
        }

        // Of each silo at least traces or logs, and metrics at its end.
        Assert.True(sink.Calls >= 4, $"{sink.Calls} calls");
    }
}
