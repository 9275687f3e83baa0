namespace Ebm.EndToEnd.Tests.Console;

/// <summary>The CIFAR-10 example over generated data in its format, at the path that the spec names.</summary>
public sealed class CifarExampleTests : IDisposable
{
    private const string Example = "cifar10-resnet.yaml";
    private readonly EbmConsole _console = new();

    public CifarExampleTests()
    {
        Directory.CreateDirectory(Path.Combine(_console.Folder, "examples"));
        File.Copy(
            Path.Combine(Repository.Root, "examples", Example), Path.Combine(_console.Folder, "examples", Example));
        var data = Directory.CreateDirectory(Path.Combine(_console.Folder, "data", "cifar-10-batches-bin")).FullName;
        string[] files = [.. Enumerable.Range(1, 5).Select(i => $"data_batch_{i}.bin"), "test_batch.bin"];
        foreach (var (name, i) in files.Select((name, i) => (name, i)))
        {
            File.WriteAllBytes(
                Path.Combine(data, name), [.. Enumerable.Range(0, 30).SelectMany(r => Record((30 * i) + r))]);
        }
    }

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Validate_TheUnchangedExample_DescribesTheRun()
    {
        var ended = await _console.Run(
            "validate", Path.Combine(_console.Folder, "examples", Example), "--output", "json");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        var plan = ended.Json[0];
        Assert.Equal(
            (100_000, 128, 10_000, 150, 30), (Int("rounds"), Int("chains"), Int("slots"), Int("train"), Int("test")));

        int Int(string name) => plan.GetProperty(name).GetInt32();
    }

    /// <summary>On the CPU, with fewer channels, blocks and steps; everything else as it stands.</summary>
    [Fact]
    public async Task Train_TenRoundsOnTheCpu_DrawsColoursAndScoresThem()
    {
        string[] smaller =
        [
            "device=cpu", "energy.channels=[4, 8]", "energy.blocks=2", "sampler.steps=4", "learning.rounds=10",
        ];
        var spec = Path.Combine(_console.Folder, "examples", Example);
        var result = await _console.Train(spec, [.. smaller.SelectMany(s => new[] { "--set", s }), "--id", "cifar"]);
        var classes = await _console.Train(
            spec, [.. smaller.Append("energy.classes=10").SelectMany(s => new[] { "--set", s }), "--id", "classes"]);

        Assert.Equal(10, result.GetProperty("rounds").GetInt32());
        Assert.True(classes.GetProperty("evaluation").TryGetProperty("accuracy.test", out _), classes.ToString());
        Assert.True(File.Exists(Path.Combine(_console.Home, "cifar", "samples-000010.png")));

        var test = Path.Combine(_console.Folder, "data", "cifar-10-batches-bin", "test_batch.bin");
        var plain = await _console.Run("score", "cifar", "--data", test);
        var labelled = await _console.Run("score", "classes", "--data", test);
        Assert.StartsWith("row,energy\n1,", plain.Output, StringComparison.Ordinal);
        Assert.Equal(
            Enumerable.Range(0, 30).Select(r => ((150 + r) % 10).ToString()),
            labelled.Output.TrimEnd('\n').Split('\n').Skip(1).Select(line => line.Split(',')[2]));
        Assert.Contains("classes: the file's labels", labelled.Errors, StringComparison.Ordinal);
    }

    /// <summary>An image whose colour goes with its class.</summary>
    private static IEnumerable<byte> Record(int number) =>
        Enumerable.Range(0, 3072).Select(i => (byte)((25 * (number % 10) * (1 + (i / 1024))) + (i * number % 40)))
            .Prepend((byte)(number % 10));
}
