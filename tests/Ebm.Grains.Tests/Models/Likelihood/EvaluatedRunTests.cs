using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Spec;
using Ebm.Grains.Tests.Runs;

namespace Ebm.Grains.Tests.Models.Likelihood;

/// <summary>
/// Runs whose checkpoints are evaluated by annealing beside training, and that may end by it: the same bits, and the
/// same metrics, on any number of lanes and silos, stopped, killed and resumed.
/// </summary>
public sealed class EvaluatedRunTests(EvaluatedReference reference) : IClassFixture<EvaluatedReference>
{
    /// <summary>Evaluated at 10, 20, ...; the outcome acts seven rounds later.</summary>
    internal static RunSpec Spec { get; } = Specs.Rbm with
    {
        Data = (ToyDataSpec)Specs.Rbm.Data with { Validation = 100 },
        Learning = Specs.Rbm.Learning with { Rounds = 90, Optimiser = new SgdSpec { Rate = 0.5 } },
        Evaluation = new EvaluationSpec
        {
            Likelihood = LikelihoodMethod.Ais,
            Every = 10,
            Delay = 7,
            Rows = 64,
            Ais = new AisSpec { Chains = 80, Temperatures = 60, Sweeps = 40, Copies = 8 },
            Stop = new StopSpec { Patience = 2 },
        },
        Output = new OutputSpec { CheckpointEvery = 5 },
    };

    [Fact]
    public void Run_WithPatience_EndedByAnOutcomeAtItsRound()
    {
        Assert.InRange(reference.Hashes.Item1, 20, 89);
        Assert.Equal(7, reference.Hashes.Item1 % 10);
        Assert.Equal(reference.Hashes.Item1 / 10 + 1, reference.Figures.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Submit_OnAnyNumberOfLanes_SameHashesAndMetrics(int lanes)
    {
        using var home = new TempHome();
        await using var silo = await Embedded.Start(home.Path, lanes);
        Assert.Equal(reference.Hashes, (await silo.Run("a").Complete(Spec)).Hashes());
        Assert.Equal(reference.Figures, EvaluatedReference.FiguresIn(Path.Combine(home.Path, "a")));
    }

    [Fact]
    public async Task Resume_AfterStopsAtManyRounds_SameHashesAndMetrics()
    {
        using var home = new TempHome();
        await using var silo = await Embedded.Start(home.Path);
        var run = silo.Run("a");
        await run.Submit(RunCalls.Submission(Spec));
        var status = await run.Status();
        for (var round = 3; round < 90 && status!.State != RunState.Succeeded; round += 4)
        {
            await run.Until(s => s.Round >= round || s.State is RunState.Succeeded or RunState.Stopped);
            await run.Stop();
            status = await run.End();
            if (status.State == RunState.Stopped)
            {
                await run.Resume(false);
            }
        }

        Assert.Equal(reference.Hashes, (await run.End()).Hashes());

        // The evaluation of the last round is not waited for where a stop comes in it.
        var last = reference.Figures.Keys.Last();
        Assert.Equal(
            reference.Figures.Where(f => f.Key != last),
            EvaluatedReference.FiguresIn(Path.Combine(home.Path, "a")).Where(f => f.Key != last));
    }

    [Fact]
    public async Task Resume_AfterCrashes_SameHashesAndMetrics()
    {
        using var home = new TempHome();
        foreach (var round in new[] { 11, 17, 28 })
        {
            var broken = await Embedded.Start(home.Path);
            await broken.Run("a").Submit(RunCalls.Submission(Spec));
            await broken.Run("a").Until(s => s.Round >= round || s.State == RunState.Succeeded);
            broken.Crash();
        }

        await using var silo = await Embedded.Start(home.Path);
        Assert.Equal(reference.Hashes, (await silo.Run("a").Complete(Spec)).Hashes());
        Assert.Equal(reference.Figures, EvaluatedReference.FiguresIn(Path.Combine(home.Path, "a")));
    }

    /// <summary>What a run waits for is gone from the disk: its rounds are computed again.</summary>
    [Fact]
    public async Task Resume_WithoutTheCheckpointThatIsEvaluated_SameHashes()
    {
        using var home = new TempHome();
        await using (var silo = await Embedded.Start(home.Path))
        {
            var run = silo.Run("a");
            await run.Submit(RunCalls.Submission(Spec));
            await run.Until(s => s.Round >= 12);
            await run.Stop();
            var stopped = await run.End();
            Assert.Equal(RunState.Stopped, stopped.State);
            var checkpoints = Path.Combine(home.Path, "a", "checkpoints");
            foreach (var evaluated in Directory.GetDirectories(checkpoints, "*0")
                .Where(d => !d.EndsWith($"{stopped.Round:D8}", StringComparison.Ordinal)))
            {
                Directory.Delete(evaluated, recursive: true);
            }
        }

        await using var again = await Embedded.Start(home.Path);
        await again.Run("a").Resume(false);
        Assert.Equal(reference.Hashes, (await again.Run("a").End()).Hashes());
    }

    [Fact]
    public async Task Kill_OfTheServersSilo_SameHashes()
    {
        await using var cluster = await TestCluster.Start(3);
        await cluster.Run("a").Submit(RunCalls.Submission(Spec));
        await cluster.Run("a").Until(s => s.Round >= 13 || s.State == RunState.Succeeded);
        await cluster.KillSiloOf(cluster.Grains.GetGrain<IParameterServerGrain>("a"));
        Assert.Equal(reference.Hashes, (await cluster.Run("a").End()).Hashes());
    }
}

/// <summary>The run undisturbed, on two lanes.</summary>
public sealed class EvaluatedReference : IAsyncLifetime
{
    internal (long, string, string) Hashes { get; private set; }

    internal IReadOnlyDictionary<string, string> Figures { get; private set; } = new Dictionary<string, string>();

    public async ValueTask InitializeAsync()
    {
        using var home = new TempHome();
        await using var silo = await Embedded.Start(home.Path);
        Hashes = (await silo.Run("reference").Complete(EvaluatedRunTests.Spec)).Hashes();
        Figures = FiguresIn(Path.Combine(home.Path, "reference"));
    }

    /// <summary>The evaluations that a run wrote, by name; those of rounds at which it was stopped left out.</summary>
    internal static IReadOnlyDictionary<string, string> FiguresIn(string run) => new SortedDictionary<string, string>(
        Directory.GetFiles(run, "evaluation-*.json")
            .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
            .Where(file => file.Text.Contains("ais.", StringComparison.Ordinal))
            .ToDictionary(file => file.Name, file => file.Text), StringComparer.Ordinal);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
