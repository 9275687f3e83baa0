using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Pairwise;
using Ebm.Core.Energies.TorchScript;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Boltzmann;

public sealed class RbmEnergyTests
{
    [Fact]
    public void Energy_OfEveryState_IsTheBruteForceMarginal()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("rbm");
        using var p = EnergyCases.RandomParameters(energy, scale: 1);
        var (v, h) = (EnergyCases.Cube(6), EnergyCases.Cube(4));

        // -log sum_h exp(v.b + h.c + v W h), state by state.
        var joint = v.mv(p[1]).unsqueeze(1) + h.mv(p[2]).unsqueeze(0) + v.mm(p[0]).mm(h.t());

        EnergyCases.AssertClose(-joint.logsumexp(1), energy.Energy(p, v), 1e-12);
        using var single = new Parameters(energy.Layout, p.Flat.to_type(ScalarType.Float32));
        EnergyCases.AssertClose(-joint.logsumexp(1), energy.Energy(single, v.to_type(ScalarType.Float32)), 1e-5);
    }

    [Fact]
    public void Energy_OfTheGaussianMachine_IsTheBruteForceMarginal()
    {
        const double Variance = 0.49;
        using var scope = NewDisposeScope();
        var energy = EnergyCases.Create("gaussian-rbm");
        using var p = EnergyCases.RandomParameters(energy, scale: 1);
        var v = EnergyCases.RandomStates(energy, 20);
        var h = EnergyCases.Cube(4);

        var joint = h.mv(p[2]).unsqueeze(0) + (v.mm(p[0]).mm(h.t()) / Variance);
        var expected = ((v - p[1]).square().sum(1) / (2 * Variance)) - joint.logsumexp(1);

        EnergyCases.AssertClose(expected, energy.Energy(p, v), 1e-7);
    }

    [Fact]
    public void HiddenProbabilities_OfEveryState_AreTheConditionals()
    {
        using var scope = NewDisposeScope();
        var energy = (RbmEnergy)EnergyCases.Create("rbm");
        using var p = EnergyCases.RandomParameters(energy, scale: 1);
        var (v, h) = (EnergyCases.Cube(6), EnergyCases.Cube(4));

        var weights = (h.mv(p[2]).unsqueeze(0) + v.mm(p[0]).mm(h.t())).softmax(1);
        var expected = weights.mm(h);

        EnergyCases.AssertClose(expected, energy.HiddenProbabilities(p, v), 1e-12);
        EnergyCases.AssertClose(expected.mean([0]), energy.HiddenMean(p, v), 1e-12);
    }

    [Fact]
    public void Initialise_FromTheDataMean_GivesLogOddsAndScaledWeights()
    {
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = 200, WeightScale = 0.05 }, 4);
        using var p = new Parameters(
            energy.Layout, energy.Initialise(new RandomKey(3), new DataSummary([0, 0.25f, 0.5f, 1])));

        var bias = EnergyCases.Values(p["visible.bias"]);
        Assert.Equal(-Math.Log(999), bias[0], 1e-3);
        Assert.Equal(-Math.Log(3), bias[1], 1e-6);
        Assert.Equal(0, bias[2], 1e-6);
        Assert.Equal(Math.Log(999), bias[3], 1e-3);
        Assert.All(EnergyCases.Values(p["hidden.bias"]), b => Assert.Equal(0, b));

        // 800 draws: 6 standard errors of the deviation are 15 %; false alarm 2e-9.
        Assert.InRange(p["weight"].std().item<float>(), 0.0425, 0.0575);
        Assert.InRange(p["weight"].mean().item<float>(), -0.0107, 0.0107);
    }

    [Fact]
    public void Initialise_OfAnyEnergy_IsAFunctionOfTheKey()
    {
        using var scope = NewDisposeScope();

        foreach (var name in EnergyCases.All.Select(row => row.Data))
        {
            var energy = EnergyCases.Create(name);
            var data = new DataSummary(new float[energy.Space.Features]);
            var first = energy.Initialise(new RandomKey(5), data);

            Assert.Equal(energy.Layout.Length, first.numel());
            Assert.True(first.Equals(energy.Initialise(new RandomKey(5), data)));

            // A module's initial parameters are those of its file, couplings and fields begin as the spec says.
            Assert.Equal(
                energy is ScriptEnergy or PairwiseEnergy, first.Equals(energy.Initialise(new RandomKey(6), data)));
        }
    }
}
