using System.Text.Json;
using Ebm.Client.Local;
using Ebm.Library.Tests.Reporting.TensorBoard;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Cluster;

/// <summary>Event files for TensorBoard of a run in a cluster, written where it is followed.</summary>
public sealed class RemoteTensorBoardTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Follow_WithEventFiles_WritesRoundsSamplesAndEvaluationAndALaterFollowerWritesAll()
    {
        await using var cluster = new LocalCluster(new LocalClusterOptions { Silos = 1 });
        await cluster.Start(TestContext.Current.CancellationToken);
        var spec = SmallSpecs.Rbm(_console);
        await _console.Train(spec, "--id", "a");
        var metrics = File.ReadLines(Path.Combine(_console.Home, "a", "metrics.jsonl"))
            .Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .ToDictionary(
                line => line.GetProperty("round").GetInt64(),
                line => (float?)line.GetProperty("energyData").GetDouble());

        var followed = await Shown(cluster, "submit", spec, "--id", "a");
        Assert.All(Energies(followed), e => Assert.Equal(metrics[e.Key], e.Value));
        Assert.Equal(60, Energies(followed).Keys.Max());

        var watched = await Shown(cluster, "watch", "a");
        Assert.Equal(metrics, Energies(watched));
        Assert.All([followed, watched], events =>
        {
            var image = Assert.Single(events, e => e.Values.Any(v => v.Image is not null));
            Assert.Equal((60L, "samples"), (image.Step, image.Values[0].Tag));
            Assert.Contains(events, e => e.Step == 60 && e.Values.Any(v => v.Tag == "evaluation/logLikelihood.test"));
        });
    }

    [Fact]
    public async Task Submit_WithEventFilesAndDetach_IsRefused()
    {
        var ended = await _console.Run(
            "submit", SmallSpecs.Rbm(_console), "--cluster", "redis://127.0.0.1:1", "--detach", "--tensorboard",
            _console.Folder);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("Omit --detach", ended.Errors, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<RecordedEvent>> Shown(LocalCluster cluster, params string[] command)
    {
        var boards = Path.Combine(_console.Folder, "boards");
        var ended = await _console.Run(
            [.. command, "--cluster", cluster.Address, "--output", "json", "--tensorboard", boards]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.DoesNotContain("TensorBoard", ended.Output, StringComparison.Ordinal);
        return RecordedEvent.ReadFolder(Path.Combine(boards, "a"));
    }

    private static Dictionary<long, float?> Energies(IEnumerable<RecordedEvent> events) => events
        .SelectMany(e => e.Values.Where(v => v.Tag == "energy/data").Select(v => (e.Step, v.Scalar)))
        .ToDictionary(e => e.Step, e => e.Scalar);
}
