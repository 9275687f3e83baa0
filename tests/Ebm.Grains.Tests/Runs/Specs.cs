using System.Globalization;
using System.Text.Json;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies.Assemblies;

namespace Ebm.Grains.Tests.Runs;

/// <summary>
/// Small runs that need no files: 3 blocks of chains in 3 shards, so that there is something to distribute.
/// </summary>
internal static class Specs
{
    public static RunSpec Mlp { get; } = new()
    {
        Name = "mlp",
        Data = new ToyDataSpec { Density = ToyDensity.TwoMoons, Count = 500 },
        Energy = new MlpSpec { Hidden = [16] },
        Sampler = new LangevinSpec { Steps = 3, StepSize = 0.1, Noise = 0.1, Range = [-4, 4] },
        Negatives = new NegativesSpec { Chains = 150, Reinitialise = 0.1 },
        Learning = new LearningSpec { Rounds = 12, Batch = 150, Lag = 1 },
        Evaluation = new EvaluationSpec { Rows = 64 },
        Output = new OutputSpec { CheckpointEvery = 5 },
    };

    public static RunSpec Rbm { get; } = Mlp with
    {
        Name = "rbm",
        Data = new ToyDataSpec { Density = ToyDensity.Mixture, Features = 10, Count = 500,
            Binarise = Binarise.Threshold },
        Energy = new RbmSpec { Hidden = 8 },
        Sampler = new GibbsSpec { Steps = 2 },
        Evaluation = new EvaluationSpec { Rows = 64, Likelihood = LikelihoodMethod.None },
    };

    /// <summary>Three classes of two features, of unequal size.</summary>
    public static RunSpec Classes { get; } = Mlp with
    {
        Name = "classes",
        Data = new CsvDataSpec { Path = Labelled(), LabelColumn = "y", Test = 50 },
        Energy = new MlpSpec { Hidden = [16], Classes = 3 },
    };

    /// <summary>The module of the TorchScript example, which takes points of the plane.</summary>
    public static string Module { get; } = Path.Combine(AppContext.BaseDirectory, "model.pt");

    /// <summary>The specs that have to give the same bits however they are computed.</summary>
    public static IReadOnlyDictionary<string, RunSpec> Table { get; } = new Dictionary<string, RunSpec>
    {
        ["mlp, lag 1"] = Mlp,
        ["mlp, lag 0"] = Mlp with { Learning = Mlp.Learning with { Lag = 0 } },
        ["mlp, lag 2"] = Mlp with { Learning = Mlp.Learning with { Lag = 2 } },
        ["starts at data"] = Mlp with { Negatives = Mlp.Negatives with { Start = ChainStart.Data, Reinitialise = 0 } },
        ["starts at noise"] = Mlp with { Negatives = Mlp.Negatives with { Start = ChainStart.Noise,
            Reinitialise = 0 } },
        ["more slots than chains"] = Mlp with { Negatives = Mlp.Negatives with { Slots = 401 } },
        ["uint8"] = Mlp with { Negatives = Mlp.Negatives with { Encoding = StateEncoding.Uint8 } },
        ["mala, adapted with lag 1"] = Mlp with { Sampler = Mala },
        ["hmc, adapted"] = Mlp with
        {
            Sampler = new HmcSpec { Steps = 2, Leapfrog = 3, Jitter = 0.3, Range = [-4, 4] },
            Learning = Mlp.Learning with { Lag = 0 },
        },
        ["jitter"] = Mlp with { Sampler = new JitterSpec { Noise = 0.2 },
            Negatives = new NegativesSpec { Start = ChainStart.Data, Chains = 150 } },
        ["moving average"] = Mlp with { Learning = Mlp.Learning with { Ema = 0.9 } },
        ["energy penalty"] = Mlp with { Learning = Mlp.Learning with { EnergyL2 = 0.1 } },
        ["adamw"] = Mlp with { Learning = Mlp.Learning with { Optimiser = new AdamWSpec(), WeightDecay = 0.01 } },
        ["momentum"] = Mlp with { Learning = Mlp.Learning with { Optimiser = new SgdSpec { Rate = 0.01,
            Momentum = 0.9 } } },
        ["rbm"] = Rbm,
        ["rbm, centred"] = Rbm with { Energy = new RbmSpec { Hidden = 8, Centred = true } },
        ["torchscript"] = Mlp with { Energy = new TorchScriptSpec { Path = Module } },
        ["torchscript, binary"] = Rbm with
        {
            Data = new ToyDataSpec { Density = ToyDensity.Mixture, Features = 2, Count = 500,
                Binarise = Binarise.Threshold },
            Energy = new TorchScriptSpec { Path = Module, Units = NetworkUnits.Binary },
            Sampler = new GwgSpec { Steps = 2 },
        },
        ["assembly"] = Assembly(Example()),
        ["gaussian-rbm"] = Mlp with { Energy = new GaussianRbmSpec { Hidden = 8 },
            Sampler = new GibbsSpec { Steps = 2 } },
        ["classes"] = Classes,
        ["classes, more slots"] = Classes with { Negatives = Mlp.Negatives with { Slots = 401 } },
        ["classes, starts at data"] =
            Classes with { Negatives = Mlp.Negatives with { Start = ChainStart.Data, Reinitialise = 0 } },
        ["classes, starts at noise"] =
            Classes with { Negatives = Mlp.Negatives with { Start = ChainStart.Noise, Reinitialise = 0 } },
    };

    /// <summary>The spec of the documented example in this assembly.</summary>
    public static RunSpec Assembly(string path) => Mlp with
    {
        Name = "assembly",
        Energy = new AssemblyEnergySpec
        {
            Path = path,
            Type = CompiledEnergies.ExampleType,
            Options = FreeMapping.Of(JsonSerializer.SerializeToElement(new { hidden = 8 })),
        },
    };

    private static MalaSpec Mala => new() { Steps = 3, StepSize = 0.05, Range = [-4, 4] };

    /// <summary>A run of some seconds, to have time for accidents, whose step size changes every round.</summary>
    public static RunSpec Long { get; } = Mlp with
    {
        Name = "long",
        Energy = new MlpSpec { Hidden = [64, 64] },
        Sampler = Mala with { Steps = 10 },
        Learning = Mlp.Learning with { Rounds = 80 },
        Output = new OutputSpec { CheckpointEvery = 15 },
    };

    private static string Example()
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"example-{Environment.ProcessId}.dll");
        File.WriteAllBytes(path, CompiledEnergies.Example);
        return path;
    }

    private static string Labelled()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "labelled.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 400).Select(i => (i % 7) switch
        {
            0 => string.Create(CultureInfo.InvariantCulture, $"0,{i % 5 * 0.1},{i % 3 * 0.1}"),
            < 3 => string.Create(CultureInfo.InvariantCulture, $"1,{2 + (i % 5 * 0.1)},{i % 3 * 0.1}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"2,{i % 5 * 0.1},{2 + (i % 3 * 0.1)}"),
        }).Prepend("y,a,b"));
        return path;
    }
}
