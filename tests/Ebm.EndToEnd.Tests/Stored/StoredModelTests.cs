using System.Text.Json;
using Ebm.EndToEnd.Tests.Console;

namespace Ebm.EndToEnd.Tests.Stored;

/// <summary>Finished runs of an earlier version give the values that they gave there.</summary>
public sealed class StoredModelTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public static TheoryData<string> Versions => [.. StoredVersion.Names];

    public void Dispose() => _console.Dispose();

    [Theory, MemberData(nameof(Versions))]
    public async Task StatusAndCheckpoints_OfFinishedRuns_HaveTheStoredValues(string version)
    {
        var stored = await Unpacked(version);
        foreach (var run in (string[])["bits", "rolled-back"])
        {
            JsonFile.AssertHolds(stored.Said($"status-{run}.jsonl"), await Json("status", run));
        }

        JsonFile.AssertHolds(stored.Said("checkpoints.jsonl"), await Json("checkpoints", "bits"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Evaluate_OfAFinishedRun_HasTheStoredNumbers(string version)
    {
        var stored = await Unpacked(version);

        var now = await Json("evaluate", "bits", "-n", "64");

        if (await stored.HasBitsOfThisMachine())
        {
            Assert.Equal(Numbers(stored.Said("evaluate.jsonl")), Numbers(now));
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Score_OfRows_GivesTheStoredEnergies(string version)
    {
        var stored = await Unpacked(version);

        var ended = await _console.Run("score", "bits", "--data", stored.PathOf("specs", "rows.csv"));

        Assert.True(ended.ExitCode == 0, ended.Errors);
        if (await stored.HasBitsOfThisMachine())
        {
            Assert.Equal(await File.ReadAllTextAsync(stored.PathOf("said", "score.csv"), Cancel), ended.Output);
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task SampleAndExport_OfAFinishedRun_WriteTheStoredBytes(string version)
    {
        var stored = await Unpacked(version);
        var (model, sample) = (Path.Combine(_console.Folder, "model"), Path.Combine(_console.Folder, "sample.npy"));
        string[][] commands =
        [
            ["export", "bits", "--out", model],
            ["sample", "bits", "-n", "16", "--steps", "20", "--npy", sample, "--out", sample + ".png"],
        ];
        foreach (var command in commands)
        {
            var ended = await _console.Run(command);
            Assert.True(ended.ExitCode == 0, ended.Errors);
        }

        AssertSameBytes(stored.PathOf("said", "export.safetensors"), Path.Combine(model, "parameters.safetensors"));
        if (await stored.HasBitsOfThisMachine())
        {
            AssertSameBytes(stored.PathOf("said", "sample.npy"), sample);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<StoredVersion> Unpacked(string version)
    {
        var stored = new StoredVersion(version);
        await stored.Unpack(_console.Home);
        return stored;
    }

    private async Task<IReadOnlyList<JsonElement>> Json(params string[] command)
    {
        var ended = await _console.Run([.. command, "--output", "json"]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        return ended.Json;
    }

    private static IEnumerable<string> Numbers(IReadOnlyList<JsonElement> lines) =>
        lines.SelectMany(JsonFile.Values).Where(value => double.TryParse(value, out _)).Order(StringComparer.Ordinal);

    private static void AssertSameBytes(string stored, string now) =>
        Assert.Equal(File.ReadAllBytes(stored), File.ReadAllBytes(now));
}
