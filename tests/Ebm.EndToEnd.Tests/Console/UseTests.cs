using System.Globalization;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>What is done with a run that is there.</summary>
public sealed class UseTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Sample_SameSeed_GivesTheSameSamplesAndKeepsClampedUnits()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var known = _console.File("known.csv", "1,0,1,,,,,,,,,nan\n");
        byte[][] arrays = [await Draw("a"), await Draw("b"), await Draw("c", "--seed", "9"),
            await Draw("d", "--clamp", known)];

        Assert.Equal(arrays[0], arrays[1]);
        Assert.NotEqual(arrays[0], arrays[2]);
        var values = Values(arrays[3], 70 * 12);
        Assert.All(values.Chunk(12), row => Assert.Equal([1, 0, 1], row[..3]));
        Assert.All(values, value => Assert.True(value is 0 or 1));
        Assert.Contains(values.Chunk(12), row => row[11] == 1);
        Assert.Contains(values.Chunk(12), row => row[11] == 0);
    }

    [Fact]
    public async Task Sample_FromRows_ContinuesFromThem()
    {
        // Steps that lead nowhere: chains are seen where they start.
        await _console.Train(
            SmallSpecs.Mlp(_console), "--id", "run", "--set",
            "sampler={kind: langevin, stepSize: 1e-6, noise: 1e-4, range: [-4, 4]}");
        var first = Values(await Draw("first"), 70 * 2);
        var start = Path.Combine(_console.Folder, "first.npy");

        var near = Values(await Draw("near", "--start", start, "--steps", "1"), 70 * 2);
        var again = await Draw("again", "--start", start, "--steps", "1");

        Assert.Equal(await File.ReadAllBytesAsync(
            Path.Combine(_console.Folder, "near.npy"), TestContext.Current.CancellationToken), again);
        Assert.NotEqual(first, near);
        Assert.All(first.Zip(near), pair => Assert.Equal(pair.First, pair.Second, 0.01));
        var one = Values(await Draw("one", "--start", _console.File("one.csv", "0.5,0.25\n"), "--steps", "1"), 70 * 2);
        Assert.All(one.Chunk(2), row => Assert.True(Math.Abs(row[0] - 0.5) < 0.01 && Math.Abs(row[1] - 0.25) < 0.01));
        Assert.Contains("row 1 has no value in column 2", (await _console.Run(
            "sample", "run", "--start", _console.File("hole.csv", "0.5,\n"))).Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await _console.Run("sample", "run", "--start", start, "--clamp", start)).ExitCode);
    }

    [Fact]
    public async Task Score_Rows_WritesAnEnergyForEach()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var data = Path.Combine(_console.Folder, "bits.csv");
        var output = await _console.Run("score", "run", "--data", data);
        var file = Path.Combine(_console.Folder, "scores.csv");
        var written = await _console.Run("score", "run", "--data", data, "--out", file);

        var lines = output.Output.TrimEnd('\n').Split('\n');
        Assert.Equal("row,energy", lines[0]);
        Assert.Equal(201, lines.Length);
        Assert.All(lines[1..], (line, i) =>
        {
            Assert.StartsWith($"{i + 1},", line, StringComparison.Ordinal);
            Assert.True(double.IsFinite(double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture)));
        });
        Assert.Equal(output.Output, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.Contains("mean energy", written.Errors, StringComparison.Ordinal);
        Assert.Equal(2, (await _console.Run("score", "run", "--data", _console.File("two.csv", "0,1\n"))).ExitCode);
    }

    [Fact]
    public async Task ListAndStatus_InAPipe_AreColumnsPartedByTabs()
    {
        Assert.Equal("run\tstate\tround\tof\tseconds\tupdated\n", (await _console.Run("list")).Output);
        var result = await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var list = (await _console.Run("list")).Output.Split('\n');
        var status = (await _console.Run("status", "run")).Output;

        Assert.StartsWith("run\tsucceeded\t60\t60\t", list[1], StringComparison.Ordinal);
        Assert.Contains(
            $"state sha256\t{result.GetProperty("stateSha256").GetString()}\n", status, StringComparison.Ordinal);
        Assert.Contains("checkpoints\t60 40 20\n", status, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_GoodSpec_DescribesTheRun()
    {
        var plan = (await _console.Run("validate", SmallSpecs.Rbm(_console), "--output", "json")).Json[0];

        Assert.Equal(
            (60, 192, 300, 3, 12 * 8 + 12 + 8),
            (Int("rounds"), Int("chains"), Int("slots"), Int("shards"), Int("parameters")));
        Assert.Equal((160, 40, 12), (Int("train"), Int("test"), Int("features")));
        Assert.Equal("[20,40,60]", plan.GetProperty("checkpoints").ToString());
        Assert.False(Directory.Exists(_console.Home));

        int Int(string name) => plan.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Schema_Printed_IsTheOneBesideTheExamples() => Assert.Equal(
        await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "examples", "spec.schema.json"), TestContext.Current.CancellationToken),
        (await _console.Run("schema")).Output);

    [Theory]
    [InlineData("train")]
    [InlineData("resume")]
    [InlineData("validate")]
    [InlineData("schema")]
    [InlineData("list")]
    [InlineData("status")]
    [InlineData("sample")]
    [InlineData("score")]
    [InlineData("export")]
    [InlineData("evaluate")]
    [InlineData("checkpoints")]
    [InlineData("delete")]
    [InlineData("submit")]
    [InlineData("watch")]
    [InlineData("logs")]
    [InlineData("stop")]
    [InlineData("cluster status")]
    [InlineData("bench")]
    [InlineData("bench samplers")]
    public async Task Help_OfAVerb_HasAnExampleOfIt(string verb)
    {
        var ended = await _console.Run([.. verb.Split(' '), "--help"]);

        Assert.Equal(0, ended.ExitCode);
        Assert.Contains($"  ./ebm {verb}", ended.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Inspect:")]
    [InlineData("  ./ebm train examples/", "help", "train")]
    public async Task Help_WithoutTheOption_IsPrintedToo(string expected, params string[] arguments)
    {
        var ended = await _console.Run(arguments);

        Assert.Equal((0, ""), (ended.ExitCode, ended.Errors));
        Assert.Contains(expected, ended.Output, StringComparison.Ordinal);
    }

    private async Task<byte[]> Draw(string name, params string[] more)
    {
        var npy = Path.Combine(_console.Folder, name + ".npy");
        var png = Path.Combine(_console.Folder, name + ".png");
        var ended = await _console.Run(
            ["sample", "run", "-n", "70", .. more.Contains("--steps") ? [] : (string[])["--steps", "20"], "--out", png,
                "--npy", npy, .. more]);
        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.True(File.Exists(png));
        return await File.ReadAllBytesAsync(npy, TestContext.Current.CancellationToken);
    }

    private static float[] Values(byte[] npy, int count) =>
        [.. Enumerable.Range(0, count).Select(i => BitConverter.ToSingle(npy, npy.Length - 4 * (count - i)))];
}
