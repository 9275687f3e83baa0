using Ebm.Client.Runs;
using Ebm.Contracts.Runs;
using Ebm.RunFolders;

namespace Ebm.Client.Tests.Runs;

public sealed class RunOutcomeTests : IDisposable
{
    private readonly TemporaryFolder _home = new();

    [Theory]
    [InlineData(nameof(RunState.Succeeded), nameof(ExitCode.Succeeded))]
    [InlineData(nameof(RunState.Stopped), nameof(ExitCode.Stopped))]
    [InlineData(nameof(RunState.Failed), nameof(ExitCode.Failed))]
    public void Of_AState_IsItsExitCode(string state, string code) =>
        Assert.Equal(code, RunOutcome.Of(Enum.Parse<RunState>(state)).ToString());

    [Fact]
    public void Of_ARunFolder_ListsTheFilesForPeopleAndTheLatestOfEachKind()
    {
        string[] files =
        [
            RunLayout.Record, RunLayout.Lock, RunLayout.Events, RunLayout.Spec, RunLayout.Metrics, RunLayout.Curves,
            RunLayout.SamplesPlot(5), RunLayout.SamplesPlot(10), RunLayout.Evaluation(5), "samples-notes.png",
            "checkpoints/000-00000005/manifest.json", "checkpoints/000-00000010/slots-00000.bin", "tensorboard/events",
        ];
        foreach (var file in files.Select(name => Path.Combine(_home.Path, "a", name)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, "");
        }

        var outcome = RunOutcome.Of(Status(seconds: 4), _home.Path, chains: 64);

        Assert.Equal(
            [
                "spec.yaml", "metrics.jsonl", "curves.png", "samples-000010.png", "evaluation-000005.json",
                "checkpoints/000-00000005/", "tensorboard/",
            ], outcome.Files);
        Assert.Equal(10 * 64 / 4.0, outcome.NegativesPerSecond);
    }

    [Fact]
    public void Of_AMissingFolder_ListsNothing() => Assert.Empty(RunOutcome.Of(Status(0), _home.Path, 64).Files);

    public void Dispose() => _home.Dispose();

    private static RunStatus Status(double seconds) =>
        new() { Id = "a", State = RunState.Succeeded, SpecDigest = "", Round = 10, Seconds = seconds };
}
