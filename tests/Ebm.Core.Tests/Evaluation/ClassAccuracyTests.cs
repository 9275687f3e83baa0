using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Evaluation;

public sealed class ClassAccuracyTests
{
    public ClassAccuracyTests() => TorchLibrary.EnsureLoaded();

    /// <summary>
    /// Three Gaussians whose energies have unknown constants: found as by Bayes' rule, which knows them.
    /// </summary>
    [Fact]
    public void Of_EnergiesWithUnknownConstants_IsThatOfBayesRule()
    {
        using var scope = NewDisposeScope();
        const int Rows = 3000;
        int[] labels = [.. Enumerable.Range(0, Rows).Select(i => i % 6 < 3 ? 0 : i % 6 < 5 ? 1 : 2)];
        var means = tensor([0.0, 2.0, 4.0]);
        var x = zeros(Rows, 1);
        NoiseFactory.On(CPU).AddNormal(x, 1, new NoiseSite(new RandomKey(4), 0));
        var rows = x.to_type(ScalarType.Float64)
            + means.index_select(0, tensor(Array.ConvertAll(labels, y => (long)y))).unsqueeze(1);
        var energies = (rows - means).square() / 2;
        var bayes = (tensor([3.0, 2.0, 1.0]).log()
            - energies).argmax(1).eq(tensor(Array.ConvertAll(labels, y => (long)y)))
            .to_type(ScalarType.Float64).mean().item<double>();

        var accuracy = ClassAccuracy.Of(
            energies + tensor([40.0, -7.0, 0.0]), labels, energies + tensor([40.0, -7.0, 0.0]), labels);

        // Offsets fitted to the same rows may differ from the truth by chance, and so by some rows in 3,000.
        Assert.Equal(bayes, accuracy, 0.01);
        Assert.InRange(bayes, 0.75, 0.9);
    }

    [Fact]
    public void LogZOfClasses_OfATinyMachine_IsTheSumOverItsStates()
    {
        using var scope = NewDisposeScope();
        foreach (var hidden in new[] { 3, 8 })
        {
            var energy = new RbmEnergy(new RbmSpec { Hidden = hidden, Classes = 2 }, 6);
            using var p = EnergyCases.RandomParameters(energy, 0.5f);
            var expected = (-ClassEnergies.Of(energy, p, EnergyCases.Cube(6))).logsumexp(0).data<double>().ToArray();

            Assert.All(
                Core.Evaluation.ExactLikelihood.LogZOfClasses(energy, p).Zip(expected),
                z => Assert.Equal(z.Second, z.First, 1e-10));
        }
    }
}
