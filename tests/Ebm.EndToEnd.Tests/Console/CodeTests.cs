using System.Globalization;
using System.Security.Cryptography;
using Ebm.Configuration.Reading;
using Ebm.Core.Registry;
using Ebm.Core.Training;
using Ebm.Data.Loading;
using Ebm.RunFolders.Models;

namespace Ebm.EndToEnd.Tests.Console;

/// <summary>The library and the console give the same results.</summary>
public sealed class CodeTests : IDisposable
{
    private readonly EbmConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Theory]
    [InlineData("rbm", "")]
    [InlineData("rbm", ", lag: 2")]
    [InlineData("rbm", "", "energy.centred=true")]
    [InlineData("mlp", "")]
    public async Task Train_InCode_GivesTheParametersOfEbmTrain(string kind, string more, params string[] overrides)
    {
        var file = kind == "rbm" ? SmallSpecs.Rbm(_console, more: more) : SmallSpecs.Mlp(_console);
        var result = await _console.Train(file, [.. overrides.SelectMany(value => new[] { "--set", value })]);
        var spec = SpecFile.Load(file, overrides).Spec;
        var data = DatasetLoader.Load(spec.Data, spec.Seed);
        var learning = spec.Learning with { Ema = 0 };

        using var model = ContrastiveDivergence.Train(
            EnergyFactory.Create(spec.Energy, data), spec.Sampler, data,
            new TrainingOptions { Seed = spec.Seed, Learning = learning, Negatives = spec.Negatives });

        Assert.Equal(
            result.GetProperty("parametersSha256").GetString(),
            Convert.ToHexStringLower(SHA256.HashData(model.Parameters.Flat.bytes)));
    }

    [Fact]
    public async Task Score_OfARunFolder_GivesTheEnergiesOfEbmScore()
    {
        var spec = SmallSpecs.Rbm(_console);
        _ = await _console.Train(spec, "--id", "small");
        var rows = Path.Combine(_console.Folder, "bits.csv");
        var scored = await _console.Run("score", "small", "--data", rows);

        var folder = new RunFolder(Path.Combine(_console.Home, "small"));
        using var stored = folder.Open();

        Assert.Equal(60, stored.Round);
        Assert.Equal([60, 40, 20], folder.Rounds.Take(3));
        Assert.Equal(
            scored.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.Split(',')[^1])
                .Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var e) ? e : double.NaN)
                .Where(double.IsFinite),
            stored.Score(rows).Select(e => (double)e),
            (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Fact]
    public async Task Open_AfterTheDataChanged_IsRefused()
    {
        _ = await _console.Train(SmallSpecs.Rbm(_console), "--id", "small");
        var folder = new RunFolder(Path.Combine(_console.Home, "small"));
        await File.AppendAllTextAsync(
            Path.Combine(_console.Folder, "bits.csv"), "1,1,1,1,1,1,1,1,1,1,1,1\n",
            TestContext.Current.CancellationToken);

        var error = Assert.Throws<Core.InputException>(() => folder.Open());

        Assert.Contains("the data has changed since the run began", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunFolder_OfAnotherFolder_IsRefused()
    {
        var error = Assert.Throws<Core.InputException>(() => new RunFolder(_console.Folder));

        Assert.Contains("run.json is missing; expected the folder of a run", error.Message, StringComparison.Ordinal);
    }
}
