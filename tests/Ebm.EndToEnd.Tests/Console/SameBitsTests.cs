using System.Text.Json;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>The same spec gives the same bits after any disturbance.</summary>
public sealed class SameBitsTests : IDisposable
{
    // At several hundred rounds a second these take long enough to be disturbed in the middle.
    private const int ManyRounds = 600;

    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("rbm", 1)]
    [InlineData("rbm", 2)]
    [InlineData("rbm", 4)]
    [InlineData("mlp", 1)]
    [InlineData("mlp", 4)]
    public async Task Train_AnyNumberOfLanes_GivesTheBitsOfTwo(string kind, int lanes)
    {
        var spec = kind == "rbm" ? SmallSpecs.Rbm(_console) : SmallSpecs.Mlp(_console);
        var reference = await _console.Train(spec, "--id", "a", "--lanes", "2");
        AssertSame(reference, await _console.Train(spec, "--id", "b", "--lanes", $"{lanes}"));
    }

    [Theory]
    [InlineData(EbmConsole.Interrupt)]
    [InlineData(EbmConsole.Kill)]
    public Task Resume_AfterASignal_EndsWithTheBitsOfAnUndisturbedRun(int signal) => Disturb("", signal);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData("", EbmConsole.Terminate)]
    [InlineData(", lag: 1", EbmConsole.Interrupt)]
    [InlineData(", lag: 1", EbmConsole.Kill)]
    public Task Resume_AfterASignalAndWithLag_EndsWithTheBitsOfAnUndisturbedRun(string more, int signal) =>
        Disturb(more, signal);

    private async Task Disturb(string more, int signal)
    {
        var spec = SmallSpecs.Rbm(_console, ManyRounds, more);
        var reference = await _console.Train(spec, "--id", "whole");

        var process = _console.Start("train", spec, "--output", "json", "--id", "cut");
        await EbmConsole.WaitFor(process, "checkpoint", 2);
        var ended = await EbmConsole.Signal(process, signal);

        if (signal == EbmConsole.Kill)
        {
            Assert.Equal("interrupted", await StateOf("cut"));
        }
        else
        {
            Assert.Equal(4, ended.ExitCode);
            var stopped = ended.Json[^1];
            Assert.Equal("stopped", stopped.GetProperty("state").GetString());
            Assert.InRange(stopped.GetProperty("rounds").GetInt64(), 1, ManyRounds - 1);
            Assert.Equal("stopped", await StateOf("cut"));
        }

        var resumed = await _console.Run("resume", "cut", "--output", "json");
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        AssertSame(reference, resumed.Json[^1]);
    }

    [Fact]
    public async Task Resume_WithATornCheckpoint_UsesTheOneBeforeAndGivesTheSameBits()
    {
        var spec = SmallSpecs.Rbm(_console, ManyRounds);
        var reference = await _console.Train(spec, "--id", "whole");
        var process = _console.Start("train", spec, "--output", "json", "--id", "cut");
        await EbmConsole.WaitFor(process, "checkpoint", 3);
        await EbmConsole.Signal(process, EbmConsole.Kill);
        var newest = Directory.GetDirectories(Path.Combine(_console.Home, "cut", "checkpoints"))
            .Where(d => File.Exists(Path.Combine(d, "manifest.json"))).Order(StringComparer.Ordinal).Last();
        var parameters = Path.Combine(newest, "parameters.safetensors");
        await File.WriteAllBytesAsync(
            parameters, (await File.ReadAllBytesAsync(parameters, TestContext.Current.CancellationToken))[..^9],
            TestContext.Current.CancellationToken);

        var resumed = await _console.Run("train", spec, "--id", "cut", "--output", "json");

        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Contains(resumed.Json, line => line.GetProperty("type").GetString() == "notice"
            && line.GetProperty("message")
            .GetString()!.Contains("is incomplete", StringComparison.Ordinal));
        AssertSame(reference, resumed.Json[^1]);
    }

    private async Task<string?> StateOf(string run) =>
        (await _console.Run("status", run, "--output", "json")).Json[0].GetProperty("state").GetString();

    private static void AssertSame(JsonElement expected, JsonElement actual)
    {
        foreach (var name in (string[])["state", "rounds", "parametersSha256", "stateSha256"])
        {
            Assert.Equal(expected.GetProperty(name).ToString(), actual.GetProperty(name).ToString());
        }
    }
}
