// Samples a double well by Hamiltonian Monte Carlo, and estimates its log Z.
//     dotnet run examples/csharp/DoubleWell.cs
#:package Ebm.Core@0.2.0-dev
#:property PublishAot=false

using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Training;
using TorchSharp;

using var model = TrainedModel.Create(new DoubleWell());
var hmc = new HmcSpec { Steps = 100, StepSize = 0.2, Leapfrog = 8 };

float[,] states = model.Sample(hmc, count: 4096, seed: 1);
float[] x = [.. states.Cast<float>()];
Console.WriteLine($"share in the right well: {x.Count(value => value > 0) / (double)x.Length:0.000}");
Console.WriteLine($"mean of x^2:             {x.Average(value => value * value):0.000}");
for (var bin = -1.5; bin < 1.5; bin += 0.25)
{
    var count = x.Count(value => value >= bin && value < bin + 0.25);
    Console.WriteLine($"{bin,6:0.00} {new string('#', count / 16)}");
}

// The exact value is -0.054 (numerical integration of exp(-4 (x^2 - 1)^2)).
var bracket = model.EstimateLogZ(
    hmc, Dataset.FromRows(states), new AisSpec { Chains = 256, Temperatures = 500, Sweeps = 2000, Copies = 8 });
Console.WriteLine($"log Z is in [{bracket.Lower:0.000}, {bracket.Upper:0.000}], certified: {bracket.IsCertified}");

/// <summary>E(x) = 4 (x^2 - 1)^2.</summary>
sealed class DoubleWell() : AutogradEnergy(new StateSpace(Features: 1, UnitKind.Real))
{
    protected override torch.Tensor Evaluate(Parameters parameters, torch.Tensor states)
    {
        using Scalar one = 1, four = 4;
        return states.Squared().sub(one).Squared().mul(four).sum(1);
    }
}
