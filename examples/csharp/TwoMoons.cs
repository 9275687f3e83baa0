// Trains an energy of one's own on two moons, saves it, loads it, and draws from it.
//     dotnet run examples/csharp/TwoMoons.cs
#:package Ebm.Core@0.2.0-dev
#:package Ebm.Data@0.2.0-dev
#:property PublishAot=false

using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Training;
using Ebm.Data.Loading;
using TorchSharp;

var data = DatasetLoader.Load(new ToyDataSpec { Density = ToyDensity.TwoMoons, Count = 10_000 }, seed: 1);
var langevin = new LangevinSpec { Steps = 40, StepSize = 0.005, Noise = 0.1, Range = [-4, 4] };
var options = new TrainingOptions
{
    Seed = 1,
    Learning = new LearningSpec { Rounds = 1000, Batch = 256, EnergyL2 = 0.001, Ema = 0.99 },
    Negatives = new NegativesSpec { Chains = 256, Reinitialise = 0.05 },
};

using (var trained = ContrastiveDivergence.Train(new OwnEnergy(), langevin, data, options, metrics =>
{
    if (metrics.Round % 200 == 0)
    {
        Console.WriteLine($"round {metrics.Round}: median energy gap {metrics.MedianGap:0.000}");
    }
}))
{
    trained.Save("two-moons.safetensors");
}

using var model = TrainedModel.Load("two-moons.safetensors", new OwnEnergy());
float[,] samples = model.Sample(langevin with { Steps = 1000 }, count: 2000, seed: 2);
var lines = Enumerable.Range(0, 32).Select(_ => new int[64]).ToArray();
for (var i = 0; i < samples.GetLength(0); i++)
{
    lines[(int)((4 - samples[i, 1]) / 8 * 31.9)][(int)((samples[i, 0] + 4) / 8 * 63.9)]++;
}

Console.WriteLine(string.Join(
    '\n', lines.Select(line => string.Concat(line.Select(n => " .:*#"[Math.Min(n / 2, 4)])))));

/// <summary>A network of two hidden layers, plus |x|^2 / 20, which makes the density proper.</summary>
sealed class OwnEnergy() : AutogradEnergy(
    new StateSpace(Features: 2, UnitKind.Real),
    InitialParameter.Uniform("first.weight", 0.7, 2, 64), InitialParameter.Uniform("first.bias", 0.7, 64),
    InitialParameter.Uniform("second.weight", 0.12, 64, 64), InitialParameter.Uniform("second.bias", 0.12, 64),
    InitialParameter.Uniform("output", 0.12, 64, 1))
{
    protected override torch.Tensor Evaluate(Parameters p, torch.Tensor x)
    {
        using Scalar slope = 0.05;
        var first = torch.nn.functional.silu(x.mm(p["first.weight"]).Plus(p["first.bias"]));
        var second = torch.nn.functional.silu(first.mm(p["second.weight"]).Plus(p["second.bias"]));
        return second.mm(p["output"]).squeeze(1).Plus(x.Squared().sum(1).mul(slope));
    }
}
