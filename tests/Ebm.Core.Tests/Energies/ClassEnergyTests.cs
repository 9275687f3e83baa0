using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Energies.Networks;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies;

/// <summary>Energies E(x, y) of rows whose classes are known.</summary>
public sealed class ClassEnergyTests
{
    private const int Classes = 3;
    private static readonly int[] Labels = [0, 2, 1, 1, 0];
    private static readonly float[] Weights = [0.5f, 2, 1.25f];

    static ClassEnergyTests() => TorchLibrary.EnsureLoaded();

    public static TheoryData<string> All => ["rbm", "gaussian-rbm", "mlp", "conv", "resnet"];

    [Theory, MemberData(nameof(All))]
    public void StateGradient_OfRowsOfSeveralClasses_EqualsCentralDifferences(string name)
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        var energy = Create(name);
        using var p = Parameters(energy);
        var x = EnergyCases.RandomStates(energy, Labels.Length);
        var given = energy.Given(Labels, CPU);

        var columns = Enumerable.Range(0, energy.Space.Features).Select(j =>
        {
            var move = zeros_like(x);
            move[TensorIndex.Colon, j] = Step;
            return (given.Energy(p, x + move) - given.Energy(p, x - move)) / (2 * Step);
        });

        EnergyCases.AssertClose(stack([.. columns], 1), given.StateGradient(p, x), 1e-8);
    }

    [Theory, MemberData(nameof(All))]
    public void ParameterGradient_OfWeightedRows_EqualsCentralDifferences(string name)
    {
        const double Step = 1e-6, Weight = 0.7, Penalty = 0.3;
        using var scope = NewDisposeScope();
        var energy = Create(name);
        using var p = Parameters(energy);
        var x = EnergyCases.RandomStates(energy, Labels.Length);
        var rows = RowClasses.Of(Labels, Classes, CPU, Weights);
        var factors = tensor(Array.ConvertAll(Labels, y => (double)Weights[y]));
        var (energies, gradient) = energy.Given(rows).ParameterGradient(p, x, Weight, Penalty);
        EnergyCases.AssertClose(energy.Given(rows).Energy(p, x), energies, 1e-12);

        foreach (var entry in energy.Layout.Entries)
        {
            var direction = zeros(1, energy.Layout.Length);
            NoiseFactory.On(CPU).AddNormal(direction, 1, new NoiseSite(new RandomKey(21), (uint)entry.Offset));
            var mask = zeros(energy.Layout.Length);
            mask.narrow(0, entry.Offset, entry.Length).fill_(1);
            direction = (direction.view(-1) * mask).to_type(ScalarType.Float64);
            direction.div_(direction.norm());
            var expected = (Loss(direction * Step) - Loss(direction * -Step)) / (2 * Step);

            EnergyCases.AssertClose(tensor(expected), gradient.dot(direction), 1e-6);
        }

        double Loss(Tensor move)
        {
            using var moved = new Parameters(energy.Layout, p.Flat + move);
            var e = energy.Given(rows).Energy(moved, x);
            return ((e * Weight + e.square() * Penalty) * factors).sum().item<double>();
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Energy_OfRowsTogether_IsThatOfEachClassAlone(string name)
    {
        using var scope = NewDisposeScope();
        var energy = Create(name);
        using var p = Parameters(energy);
        var x = EnergyCases.RandomStates(energy, Labels.Length);
        var together = energy.Given(Labels, CPU).Energy(p, x);
        var all = ClassEnergies.Of(energy, p, x);

        EnergyCases.AssertClose(
            together, all.gather(1, tensor(Array.ConvertAll(Labels, y => (long)y)).unsqueeze(1)).squeeze(1), 1e-12);
        Assert.NotEqual(all[0, 0].item<double>(), all[0, 1].item<double>());
        Assert.Throws<InvalidOperationException>(() => energy.Energy(p, x));
    }

    [Theory, MemberData(nameof(All))]
    public void Initialise_OfClasses_StartsThemAllAlike(string name)
    {
        using var scope = NewDisposeScope();
        var energy = Create(name);
        using var p = new Parameters(
            energy.Layout,
            energy.Initialise(new RandomKey(1), new DataSummary([.. Enumerable.Repeat(0.5f, energy.Space.Features)])));
        var all = ClassEnergies.Of(energy, p, EnergyCases.RandomStates(energy, 4, ScalarType.Float32));

        Assert.True(all[TensorIndex.Colon, 0].Equals(all[TensorIndex.Colon, 2]));
    }

    private static IEnergy Create(string name) => name switch
    {
        "rbm" => new RbmEnergy(new RbmSpec { Hidden = 4, Classes = Classes }, 6),
        "gaussian-rbm" => new GaussianRbmEnergy(new GaussianRbmSpec { Hidden = 4, Sigma = 0.7, Classes = Classes }, 6),
        "mlp" => MlpEnergy.Create(new MlpSpec { Hidden = [8, 5], Classes = Classes }, 6),
        "conv" => ConvEnergy.Create(new ConvSpec { Features = 4, Classes = Classes }, new ImageShape(1, 8, 8)),
        _ => ResNetEnergy.Create(
            new ResNetSpec { Channels = [3, 4], SpectralNorm = true, Classes = Classes }, new ImageShape(2, 4, 5)),
    };

    private static Parameters Parameters(IEnergy energy) => EnergyCases.RandomParameters(energy);
}
