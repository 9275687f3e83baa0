using System.Text.RegularExpressions;

namespace Ebm.EndToEnd.Tests.Console;

public sealed class TrainTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Train_WithJson_WritesLinesOfKnownTypesAndACompleteResult()
    {
        var ended = await _console.Run("train", SmallSpecs.Rbm(_console), "--output", "json");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("", ended.Errors);
        var types = ended.Json.Select(line => line.GetProperty("type").GetString()).ToArray();
        Assert.Equal("started", types[0]);
        Assert.Equal("result", types[^1]);
        Assert.All(types, type => Assert.Contains(
            type, (string[])["started", "round", "checkpoint", "artefact", "evaluation", "notice", "state", "result"]));
        Assert.Equal(60, ended.Json.Last(l => l.GetProperty("type").GetString() == "round").GetProperty("round")
            .GetInt32());

        var result = ended.Json[^1];
        Assert.Equal("succeeded", result.GetProperty("state").GetString());
        Assert.Equal(60, result.GetProperty("rounds").GetInt32());
        Assert.Equal(0, result.GetProperty("exitCode").GetInt32());
        Assert.True(result.GetProperty("seconds").GetDouble() > 0);
        Assert.True(result.GetProperty("negativesPerSecond").GetDouble() > 0);
        Assert.Matches("^[0-9a-f]{64}$", result.GetProperty("parametersSha256").GetString());
        Assert.Matches("^[0-9a-f]{64}$", result.GetProperty("stateSha256").GetString());
        Assert.True(result.GetProperty("evaluation").TryGetProperty("logLikelihood.test", out _));
        var id = result.GetProperty("runId").GetString()!;
        Assert.Matches("^small-[0-9a-f]{6}$", id);
        var directory = result.GetProperty("directory").GetString()!;
        Assert.Equal(Path.Combine(_console.Home, id), directory);
        Assert.All(
            (string[])["spec.yaml", "metrics.jsonl", "curves.png", "samples-000060.png",
                "checkpoints/00000060/manifest.json"],
            file => Assert.True(File.Exists(Path.Combine(directory, file)), file));
    }

    [Fact]
    public async Task Train_SameSpecAgain_IsTheSameRunAndPrintsItsResult()
    {
        var spec = SmallSpecs.Rbm(_console);
        var first = await _console.Train(spec);
        var again = await _console.Run("train", spec, "--output", "json");

        Assert.Equal(0, again.ExitCode);
        Assert.Equal(["notice", "result"], again.Json.Select(line => line.GetProperty("type").GetString()!));
        Assert.Equal(first.ToString(), again.Json[^1].ToString());
    }

    [Fact]
    public async Task Train_InAPipe_WritesFewPlainLinesAndTheNextCommands()
    {
        var ended = await _console.Run("train", SmallSpecs.Mlp(_console));

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("", ended.Errors);
        Assert.DoesNotContain('\e', ended.Output);
        Assert.Matches(@"(?m)^round 1/30  E data ", ended.Output);
        Assert.Matches(@"(?m)^round 30/30  E data .* negatives/s  ETA ", ended.Output);
        Assert.InRange(Regex.Count(ended.Output, @"(?m)^round \d+/"), 2, 8);
        Assert.Contains("  ./ebm sample plane-", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_FromAnotherRun_StartsWithItsParametersAndRecordsIt()
    {
        var spec = SmallSpecs.Rbm(_console);
        var origin = await _console.Train(spec, "--id", "origin");
        var child = await _console.Train(spec, "--from", "origin@40");
        var status = (await _console.Run(
            "status", child.GetProperty("runId").GetString()!, "--output", "json")).Json[0];

        Assert.NotEqual(
            origin.GetProperty("parametersSha256").GetString(), child.GetProperty("parametersSha256").GetString());
        var lineage = status.GetProperty("lineage");
        Assert.Equal("origin", lineage.GetProperty("run").GetString());
        Assert.Equal(40, lineage.GetProperty("round").GetInt32());
        Assert.Equal(5, (await _console.Run("train", spec, "--from", "origin@41")).ExitCode);
        Assert.Equal(5, (await _console.Run("train", spec, "--from", "nobody")).ExitCode);
    }

    [Fact]
    public async Task Train_IdOfAnotherSpec_IsRefused()
    {
        var spec = SmallSpecs.Rbm(_console);
        await _console.Train(spec, "--id", "taken");
        var ended = await _console.Run("train", spec, "--id", "taken", "--set", "seed=5");

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("--id", ended.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Train_RunOfAnotherProcess_IsRefusedAndLeftAlone()
    {
        var spec = SmallSpecs.Rbm(_console, rounds: 100_000);
        var process = _console.Start("train", spec, "--output", "json", "--id", "busy");
        await EbmConsole.WaitFor(process, "round");
        var ended = await _console.Run("train", spec, "--id", "busy");

        Assert.Equal(3, ended.ExitCode);
        Assert.Contains("another process", ended.Errors, StringComparison.Ordinal);
        Assert.False(process.HasExited);
    }
}
