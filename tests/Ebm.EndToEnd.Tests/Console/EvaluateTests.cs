using Ebm.Client.Models.LongRuns;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary><c>evaluate</c>: metrics of a model, and long runs that are interrupted.</summary>
public sealed class EvaluateTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Evaluate_AgainstAFile_GivesTheMetricsAsJsonAndAsATable()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var other = _console.File("ones.csv", string.Concat(Enumerable.Repeat("1,1,1,1,1,1,1,1,1,1,1,1\n", 20)));

        var result = (await _console.Run(
            "evaluate", "run", "--against", other, "-n", "50", "--output", "json")).Json[^1];
        var table = await _console.Run("evaluate", "run", "--against", other, "-n", "50");
        var bare = await _console.Run("evaluate", "run", "-n", "50");

        var figures = result.GetProperty("figures");
        Assert.InRange(figures.GetProperty("outOfDistribution.auroc").GetDouble(), 0.6, 1);
        Assert.True(figures.GetProperty("logLikelihood.test").GetDouble() < 0);
        Assert.True(result.GetProperty("standardErrors").GetProperty("mmd.squared").GetDouble() > 0);
        Assert.Contains("out of distribution\toutOfDistribution.fpr95\t", table.Output, StringComparison.Ordinal);
        Assert.Contains("20 rows of ones.csv outside", table.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("out of distribution", bare.Output, StringComparison.Ordinal);
        Assert.Contains("mmd.squared\t", bare.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongRun_Interrupted_ContinuesFromItsFileAsIfUndisturbed()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var state = Path.Combine(_console.Folder, "long.safetensors");
        string[] command = ["evaluate", "run", "--long-run", "100000", "-n", "40", "--output", "json"];
        var whole = await _console.Run(command);

        var process = _console.Start([.. command, "--state", state]);
        await EbmConsole.WaitFor(process, "step", times: 3);
        var stopped = await EbmConsole.Signal(process, EbmConsole.Interrupt);
        var resumed = await _console.Run([.. command, "--state", state]);

        Assert.Equal((0, 4, 0), (whole.ExitCode, stopped.ExitCode, resumed.ExitCode));
        Assert.InRange(stopped.Json[^1].GetProperty("steps").GetInt64(), 1, 99_999);
        Assert.Equal(whole.Output, resumed.Output);
        Assert.Equal(2, (await _console.Run("evaluate", "run", "--long-run", "-n", "41", "--state", state)).ExitCode);
        Assert.Equal(2, (await _console.Run("evaluate", "run", "--long-run", "--steps", "3")).ExitCode);
        Assert.Equal(2, (await _console.Run("evaluate", "run", "--state", state)).ExitCode);
    }

    [Fact]
    public void Turns_OfAnyLength_RiseFromTheStartToTheEnd()
    {
        Assert.Equal([0, 1, 2, 5, 10, 20, 50, 100, 130], LongRunSchedule.Turns(130, 1));
        Assert.Equal([0, 1, 2, 4, 9, 17], LongRunSchedule.Turns(1000, 60));
        Assert.Equal([0, 1], LongRunSchedule.Turns(1, 60));
        Assert.Equal(100_000, LongRunSchedule.Turns(100_000, 1)[^1]);
    }
}
