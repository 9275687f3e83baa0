using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>Models as files for other programs.</summary>
public sealed class ExportTests : IDisposable
{
    private const int Side = 28;

    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task Export_OfARound_WritesThatRoundsModel()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var folder = Path.Combine(_console.Folder, "a", "model");
        var ended = await _console.Run("export", "run", "--out", folder, "--round", "40");

        Assert.True(ended.ExitCode == 0, ended.ToString());
        Assert.Equal(
            ["model.json", "parameters.safetensors"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var description = JsonSerializer.Deserialize<JsonElement>(
            await File.ReadAllBytesAsync(Path.Combine(folder, "model.json"), TestContext.Current.CancellationToken));
        Assert.Equal(40, description.GetProperty("provenance").GetProperty("round").GetInt32());
        Assert.Equal("run", description.GetProperty("provenance").GetProperty("run").GetString());
    }

    [Fact]
    public async Task Export_OfAMissingRunOrRound_WritesNothing()
    {
        await _console.Train(SmallSpecs.Rbm(_console), "--id", "run");
        var folder = Path.Combine(_console.Folder, "model");

        Assert.Equal(5, (await _console.Run("export", "nobody", "--out", folder)).ExitCode);
        Assert.Equal(5, (await _console.Run("export", "run", "--out", folder, "--round", "41")).ExitCode);
        Assert.Equal(2, (await _console.Run("export", "run")).ExitCode);
        Assert.Equal(2, (await _console.Run("export", "run", "--out", _console.File("file", ""))).ExitCode);
        Assert.False(Directory.Exists(folder));
    }

    /// <summary>A spec for each energy, without its name, and rows that its model is asked about.</summary>
    public static TheoryData<string, string, string> Models => new()
    {
        {
            "rbm",
            "data: {kind: csv, path: bits.csv}\n"
            + "energy: {kind: rbm, hidden: 8}\n"
            + "sampler: {kind: gibbs}",
            "bits.csv"
        },
        {
            "rbm-classes",
            "data: {kind: csv, path: labelled.csv, labelColumn: y}\n"
            + "energy: {kind: rbm, hidden: 8, classes: 2}\n"
            + "sampler: {kind: gibbs}",
            "bits.csv"
        },
        {
            "rbm-threshold",
            "data: {kind: idx, path: images, binarise: threshold}\n"
            + "energy: {kind: rbm, hidden: 8}\n"
            + "sampler: {kind: gibbs}",
            "pixels.csv"
        },
        {
            "gaussian-rbm",
            "data: {kind: csv, path: reals.csv, range: [-2, 3]}\n"
            + "energy: {kind: gaussian-rbm, hidden: 8, sigma: 0.7}\n"
            + "sampler: {kind: gibbs}",
            "reals.csv"
        },
        {
            "ising-torus",
            "data: {kind: csv, path: bits.csv}\n"
            + "energy: {kind: ising, lattice: [3, 4], learnField: true}\n"
            + "sampler: {kind: gibbs}",
            "bits.csv"
        },
        {
            "ising-full",
            "data: {kind: csv, path: bits.csv}\n"
            + "energy: {kind: ising, learnField: true}\n"
            + "sampler: {kind: gibbs}",
            "bits.csv"
        },
        {
            "potts-free",
            "data: {kind: csv, path: thirds.csv}\n"
            + "energy: {kind: potts, categories: 3, lattice: [3, 4], boundary: free, learnField: true}\n"
            + "sampler: {kind: gibbs}",
            "thirds.csv"
        },
        {
            "potts-full",
            "data: {kind: csv, path: thirds.csv}\n"
            + "energy: {kind: potts, categories: 3, learnField: true}\n"
            + "sampler: {kind: gibbs}",
            "thirds.csv"
        },
        {
            "mlp",
            "data: {kind: csv, path: reals.csv}\n"
            + "energy: {kind: mlp, hidden: [16, 8], activation: softplus}\n"
            + "sampler: {kind: langevin, steps: 2}",
            "reals.csv"
        },
        {
            "conv",
            "data: {kind: idx, path: images, range: [-1, 1]}\n"
            + "energy: {kind: conv, features: 8}\n"
            + "sampler: {kind: langevin, steps: 2}",
            "pixels.csv"
        },
        {
            "resnet",
            "data: {kind: idx, path: images}\n"
            + "energy: {kind: resnet, channels: [4, 6], blocks: 2, activation: leaky-relu}\n"
            + "sampler: {kind: langevin, steps: 2}",
            "pixels.csv"
        },
        {
            "resnet-spectral",
            "data: {kind: idx, path: images}\n"
            + "energy: {kind: resnet, channels: [4, 6], spectralNorm: true}\n"
            + "sampler: {kind: langevin, steps: 2}",
            "pixels.csv"
        },
        {
            "resnet-classes",
            "data: {kind: idx, path: images, labels: labels}\n"
            + "energy: {kind: resnet, channels: [4, 6], classes: 2}\n"
            + "sampler: {kind: langevin, steps: 2}",
            "pixels.csv"
        },
        {
            "sequence-conv-ngram",
            "data: {kind: text, path: words.txt}\n"
            + "energy: {kind: sequence, width: 8, base: ngram, baseOrder: 3}\n"
            + "sampler: {kind: gwg, steps: 2}",
            "words.txt"
        },
        {
            "sequence-attention",
            "data: {kind: text, path: words.txt}\n"
            + "energy: {kind: sequence, layers: attention, width: 8, heads: 2, base: data-mean}\n"
            + "sampler: {kind: gwg, steps: 2}",
            "words.txt"
        },
        {
            "torchscript",
            "data: {kind: csv, path: points.csv}\n"
            + "energy: {kind: torchscript, path: MODULE}\n"
            + "sampler: {kind: langevin, steps: 2}",
            "points.csv"
        },
    };

    /// <summary>Debian's torch, by the loader in examples/python, gives the energies that ebm gives.</summary>
    [Theory, MemberData(nameof(Models))]
    [Trait("Category", "Long")]
    public async Task Load_InPython_GivesTheSameEnergies(string name, string model, string rows)
    {
        WriteData();
        var module = Path.Combine(Repository.Root, "examples", "torchscript", "model.pt");
        var spec = _console.File(
            "spec.yaml", $"name: {name}\n{model.Replace("MODULE", module, StringComparison.Ordinal)}\n" + """
            negatives: {chains: 64}
            learning: {rounds: 3, batch: 32, optimiser: {kind: adam, rate: 0.01}}
            """);
        await _console.Train(spec, "--id", "run");
        var (data, folder) = (Path.Combine(_console.Folder, rows), Path.Combine(_console.Folder, "model"));
        var exported = await _console.Run("export", "run", "--out", folder);
        Assert.True(exported.ExitCode == 0, exported.ToString());
        var hasClasses = model.Contains("classes:", StringComparison.Ordinal);
        var expected = Energies((await _console.Run(
            ["score", "run", "--data", data, .. hasClasses ? ["--class", "1"] : Array.Empty<string>()])).Output);
        var loader = Path.Combine(Repository.Root, "examples", "python", "load_ebm.py");
        var actual = Energies(await Python([loader, folder, data, .. hasClasses ? ["1"] : Array.Empty<string>()]));

        Assert.Equal(40, expected.Length);
        Assert.True(expected.Max() - expected.Min() > 1e-3, "the rows have one energy");
        Assert.All(expected.Zip(actual), pair => Assert.True(
            Math.Abs(pair.First - pair.Second) <= 1e-4 * Math.Max(Math.Abs(pair.First), 1e-2),
            $"{pair.First} in ebm, {pair.Second} in Python"));
        Assert.Equal(expected.Length, actual.Length);
    }

    private void WriteData()
    {
        // 40 rows of pseudo-random numbers in [0, 1).
        double At(int row, int column) => Math.Abs(Math.Sin((row * 12.9898) + (column * 78.233)) * 43758.5453 % 1);
        string Rows(int columns, Func<double, double> value) => string.Concat(Enumerable.Range(0, 40).Select(row =>
            string.Join(',', Enumerable.Range(0, columns)
                .Select(column => value(At(row, column)).ToString("R", CultureInfo.InvariantCulture))) + "\n"));
        _console.File("bits.csv", Rows(12, v => v > 0.6 ? 1 : 0));
        _console.File("thirds.csv", Rows(12, v => (int)(3 * v)));
        _console.File("labelled.csv", "y," + string.Join(',', Enumerable.Range(1, 12)) + "\n"
            + string.Concat(Rows(12, v => v > 0.6 ? 1 : 0).Split('\n')[..40].Select((line, i) => $"{i % 2},{line}\n")));
        byte[] labels = [0, 0, 8, 1, 0, 0, 0, 40, .. Enumerable.Range(0, 40).Select(i => (byte)(i % 2))];
        File.WriteAllBytes(Path.Combine(_console.Folder, "labels"), labels);
        _console.File("reals.csv", Rows(5, v => (6 * v) - 3));
        _console.File("points.csv", Rows(2, v => (6 * v) - 3));
        _console.File("pixels.csv", Rows(Side * Side, v => v));
        _console.File("words.txt", string.Concat(Enumerable.Range(0, 40).Select(row => string.Concat(
            Enumerable.Range(0, 2 + (row % 5)).Select(column => (char)('a' + (int)(6 * At(row, column))))) + "\n")));
        byte[] header = [0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, Side, 0, 0, 0, Side];
        File.WriteAllBytes(
            Path.Combine(_console.Folder, "images"),
            [.. header, .. Enumerable.Range(0, 40 * Side * Side)
                .Select(i => (byte)(255 * At(i / (Side * Side), i % (Side * Side))))]);
    }

    private static double[] Energies(string csv) =>
        [.. csv.TrimEnd('\n').Split('\n')[1..]
            .Select(line => double.Parse(line.Split(',')[1], CultureInfo.InvariantCulture))];

    private static async Task<string> Python(params string[] arguments)
    {
        // Debian's own, which has Debian's torch.
        using var process = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true,
                RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return output;
    }
}
