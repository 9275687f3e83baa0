using System.Text.Json;
using Ebm.Library.Tests.Reporting.TensorBoard;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>Event files beside the metrics: the same rounds and metrics, and no bit of the result changed.</summary>
public sealed class TensorBoardTests : IDisposable
{
    // Rounds of a run that is stopped before.
    private const int Endless = 1_000_000;

    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Train_WithEventFiles_HasAllMetricsInThemAndTheBitsOfARunWithout()
    {
        var spec = SmallSpecs.Rbm(_console);
        var without = await _console.Train(spec, "--id", "without");
        var with = await _console.Train(spec, "--id", "with", "--tensorboard");

        Assert.Equal(without.GetProperty("stateSha256").GetString(), with.GetProperty("stateSha256").GetString());
        Assert.False(Directory.Exists(Path.Combine(_console.Home, "without", "tensorboard")));
        var events = Events("with");
        Assert.Equal(Metrics("with").Select(line => (Round(line), Energy(line))), Rounds(events));
        var (step, samples) = Assert.Single(
            events.SelectMany(e => e.Values.Where(v => v.Image is not null).Select(v => (e.Step, v))));
        Assert.Equal((60L, "samples"), (step, samples.Tag));
        Assert.Equal(
            await File.ReadAllBytesAsync(
                Path.Combine(_console.Home, "with", "samples-000060.png"), TestContext.Current.CancellationToken),
            samples.Image!.Png);
        var evaluation = Assert.Single(events.SelectMany(e => e.Values), v => v.Tag == "evaluation/logLikelihood.test");
        Assert.Equal(
            (float)with.GetProperty("evaluation").GetProperty("logLikelihood.test").GetDouble(), evaluation.Scalar);
    }

    [Fact]
    public async Task Resume_AfterAStop_ContinuesInANewFileWithEachRoundOnce()
    {
        await Stopped("train", SmallSpecs.Rbm(_console, Endless), "--id", "cut", "--tensorboard");
        var stoppedAt = Rounds(Events("cut")).Last().Round;

        await Stopped("resume", "cut", "--tensorboard");

        Assert.Equal(2, Directory.GetFiles(Path.Combine(_console.Home, "cut", "tensorboard")).Length);
        Assert.Equal(Metrics("cut").Select(line => (Round(line), Energy(line))), Rounds(Events("cut")));
        Assert.Contains(Events("cut"), e => e.IsStart && e.Step == stoppedAt + 1);
    }

    [Fact]
    public async Task Resume_OfARunThatWroteNone_WritesItsEarlierRoundsToo()
    {
        await Stopped("train", SmallSpecs.Rbm(_console, Endless), "--id", "late", "--set", "output.samplesEvery=50");

        await Stopped("resume", "late", "--tensorboard");

        Assert.Equal(Metrics("late").Select(line => (Round(line), Energy(line))), Rounds(Events("late")));
        Assert.Equal(
            Metrics("late").Select(Round).Where(round => round % 50 == 0),
            Events("late").Where(e => e.Values.Any(v => v.Image is not null)).Select(e => e.Step));
    }

    [Fact]
    public async Task Train_ThatRollsBack_ShowsTheRoundsOfTheLastAttempt()
    {
        var result = await _console.Train(SmallSpecs.Diverging(_console), "--id", "back", "--tensorboard");

        Assert.InRange(result.GetProperty("rollbacks").GetInt32(), 1, 10);
        Assert.Equal(Metrics("back").Select(line => (Round(line), Energy(line))), Rounds(Events("back")));
    }

    [Fact]
    public async Task Train_WhereNoEventFileCanBeMade_ReportsItAndTrains()
    {
        Directory.CreateDirectory(Path.Combine(_console.Home, "a"));
        await File.WriteAllTextAsync(
            Path.Combine(_console.Home, "a", "tensorboard"), "", TestContext.Current.CancellationToken);
        var ended = await _console.Run(
            "train", SmallSpecs.Rbm(_console), "--id", "a", "--tensorboard", "--output", "json");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Single(ended.Json, line => line.GetProperty("type").GetString() == "notice"
            && line.GetProperty("message")
            .GetString()!.StartsWith("no more event files for TensorBoard", StringComparison.Ordinal));
    }

    /// <summary>Runs a command until its second checkpoint, and stops it.</summary>
    private async Task Stopped(params string[] arguments)
    {
        var process = _console.Start([.. arguments, "--output", "json"]);
        await EbmConsole.WaitFor(process, "checkpoint", 2);
        Assert.Equal(4, (await EbmConsole.Signal(process, EbmConsole.Interrupt)).ExitCode);
    }

    private IReadOnlyList<RecordedEvent> Events(string run) =>
        RecordedEvent.ReadFolder(Path.Combine(_console.Home, run, "tensorboard"));

    private JsonElement[] Metrics(string run) =>
        [.. File.ReadLines(Path.Combine(_console.Home, run, "metrics.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    private static long Round(JsonElement line) => line.GetProperty("round").GetInt64();

    private static float Energy(JsonElement line) => (float)line.GetProperty("energyData").GetDouble();

    private static IEnumerable<(long Round, float Energy)> Rounds(IEnumerable<RecordedEvent> events) =>
        events.SelectMany(
        e => e.Values.Where(v => v.Tag == "energy/data").Select(v => (e.Step, v.Scalar!.Value)));
}
