namespace Ebm.EndToEnd.Tests.Console;

public sealed class BenchTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Samplers_Quickly_HaveALineEachAndAResult()
    {
        var ended = await _console.Run("bench", "samplers", "--quick", "--output", "json");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.All(ended.Json.SkipLast(1), line =>
        {
            Assert.Equal("sampler", line.GetProperty("type").GetString());
            Assert.True(line.GetProperty("energyEss").GetDouble() > 0);
            Assert.True(line.GetProperty("seconds").GetDouble() > 0);
        });
        Assert.Equal(
            ["dmala", "gibbs", "gwg", "hmc", "langevin", "mala"],
            ended.Json.SkipLast(1).Select(line => line.GetProperty("sampler").GetString()!).Distinct()
                .Order(StringComparer.Ordinal));
        Assert.Equal("result", ended.Json[^1].GetProperty("type").GetString());
    }
}
