namespace Ebm.EndToEnd.Tests.Console;

public sealed class CheckpointsTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Checkpoints_OfALocalRun_AreListedTheNewestFirst()
    {
        var result = await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var lines = (await _console.Run("checkpoints", "run")).Output.TrimEnd('\n').Split('\n');
        var json = (await _console.Run("checkpoints", "run", "--output", "json")).Json;

        Assert.Equal("round\tattempt\tscheduled\tsize\tparameters sha256\tstate sha256", lines[0]);
        Assert.Equal(["60", "40", "20"], lines[1..].Select(l => l.Split('\t')[0]));
        Assert.All(lines[1..], line => Assert.Matches(@"^\d+\t0\tyes\t[\d.]+ k?B\t[0-9a-f]{12}\t[0-9a-f]{12}$", line));
        Assert.Equal([60, 40, 20], json.Select(c => c.GetProperty("round").GetInt32()));
        Assert.Equal(
            result.GetProperty("parametersSha256").GetString(), json[0].GetProperty("parametersSha256").GetString());
        Assert.Equal(result.GetProperty("stateSha256").GetString(), json[0].GetProperty("stateSha256").GetString());
        Assert.True(json[0].GetProperty("bytes").GetInt64() > 0);
    }

    [Fact]
    public async Task Checkpoints_OfNoRun_IsNotFound() =>
        Assert.Equal(5, (await _console.Run("checkpoints", "nobody")).ExitCode);

    [Fact]
    public async Task Delete_WithoutYes_ListsTheFilesAndKeepsThem()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var refused = await _console.Run("delete", "run");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(
            "This would delete run 'run' (succeeded, round 60, checkpoints: 3)", refused.Errors,
            StringComparison.Ordinal);
        Assert.Contains("--yes", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(0, (await _console.Run("status", "run")).ExitCode);

        Assert.Equal(0, (await _console.Run("delete", "run", "--yes")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(_console.Home, "run")));
        Assert.Equal(5, (await _console.Run("delete", "run", "--yes")).ExitCode);
    }

    [Fact]
    public async Task Delete_RunThatIsWorkedOn_IsRefused()
    {
        var process = _console.Start(
            "train", SmallSpecs.Rbm(_console, rounds: 100_000), "--output", "json", "--id", "busy");
        await EbmConsole.WaitFor(process, "round");
        var ended = await _console.Run("delete", "busy", "--yes");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("another process", ended.Errors, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_console.Home, "busy", "run.json")));
    }
}
