using Ebm.Core.Diagnostics;
using Ebm.Core.Learning;
using Ebm.Core.Spec;
using Ebm.Grains.Stores;
using Ebm.RunFolders;

namespace Ebm.Grains.Tests.Runs;

/// <summary>How the chains mix, in a run's metrics.</summary>
public sealed class MixingMetricsTests : IDisposable
{
    private static readonly RunSpec Persistent = Specs.Rbm with
    {
        Negatives = new NegativesSpec { Chains = 150 },
        Learning = Specs.Rbm.Learning with { Rounds = 300, Lag = 0 },
        Output = new OutputSpec { CheckpointEvery = 0 },
    };

    private readonly TempHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Metrics_OfARunThatWasStopped_AreThoseOfAnUndisturbedOne()
    {
        await using var silo = await Embedded.Start(_home.Path);
        var whole = await silo.Run("whole").Complete(Persistent);
        var run = silo.Run("parted");
        await run.Submit(RunCalls.Submission(Persistent));
        await run.Until(s => s.Round >= EnergyWindow.Rounds + 4);
        await run.Stop();
        var stopped = await run.End();

        // Within the window of the metrics of round 128, unless the test was held up for long.
        Assert.InRange(stopped.Result!.Round, EnergyWindow.Rounds + 4, 299);
        await run.Resume(false);
        var ended = await run.End();

        Assert.Equal(whole.Hashes(), ended.Hashes());
        var figures = Figures("whole");
        Assert.Equal(figures, Figures("parted"));
        Assert.Equal([128, 256, 300], figures.Where(f => f.RHat is not null).Select(f => f.Round));
        Assert.All(figures.Where(f => f.RHat is not null), f =>
        {
            Assert.InRange(f.RHat!.Value, 0.9, 10);
            Assert.InRange(f.EssBulk!.Value, 1, 64 * 128 * 4);
        });
        Assert.NotNull(ended.Latest!.Figures.RHat);
    }

    [Fact]
    public async Task Metrics_OfChainsThatDoNotPersist_HaveNoMixingMetrics()
    {
        await using var silo = await Embedded.Start(_home.Path);
        (await silo.Run("a").Complete(Persistent with
        {
            Negatives = Persistent.Negatives with { Reinitialise = 0.1 },
            Learning = Persistent.Learning with { Rounds = 130 },
        })).Hashes();

        Assert.All(Figures("a"), f => Assert.Null(f.RHat));
    }

    private RoundMetrics[] Figures(string run) =>
        [.. File.ReadLines(Path.Combine(_home.Path, run, RunLayout.Metrics))
            .Select(line => MetricsJson.Read(line).Figures)];
}
