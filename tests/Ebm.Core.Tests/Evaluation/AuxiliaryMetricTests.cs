using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Evaluation;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Evaluation;

public sealed class AuxiliaryMetricTests
{
    static AuxiliaryMetricTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void EnergyHistogram_OfKnownEnergies_CountsEachOnce()
    {
        using var energies = tensor(new[] { 0f, 0.5f, 1f, 1.5f, 4f, 5f, -1f, float.NaN, float.PositiveInfinity });

        var histogram = EnergyHistogram.Of(energies, 0, 4, 4);

        Assert.Equal([2, 2, 0, 1], histogram.Counts);
        Assert.Equal(2, histogram.Outside);
        Assert.Equal(2, histogram.NonFinite);
        Assert.Equal((-1, 5), EnergyHistogram.Range(energies));
    }

    [Fact]
    public void Reconstruction_OfAMachineWithoutWeights_IsTheErrorOfTheBiases()
    {
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = 2, WeightScale = 0 }, 3);
        using var p = new Parameters(
            energy.Layout, energy.Initialise(new RandomKey(1), new DataSummary([0.25f, 0.5f, 0.5f])));

        var figures = ReconstructionError.Of(energy, p, tensor(new float[,] { { 0, 0, 1 }, { 1, 1, 0 } }));

        Assert.Equal(((0.0625 + 0.25 + 0.25) + (0.5625 + 0.25 + 0.25)) / 2, figures.SquaredError, 1e-6);
        Assert.Equal((-Math.Log(0.75) - Math.Log(0.25) + (4 * Math.Log(2))) / 2, figures.CrossEntropy, 1e-6);
    }

    [Fact]
    public void Find_AcrossBatches_EqualsTheDirectSearch()
    {
        using var scope = NewDisposeScope();
        var training = zeros(20_000, 5);
        NoiseFactory.On(CPU).AddNormal(training, 1, new NoiseSite(new RandomKey(4), 0));
        var samples = zeros(20, 5);
        NoiseFactory.On(CPU).AddNormal(samples, 1, new NoiseSite(new RandomKey(5), 0));
        samples[0].copy_(training[19_999]);
        training[12_000].copy_(training[7]);
        samples[1].copy_(training[7]);

        var found = NearestNeighbours.Find(samples, training);

        Assert.Equal(19_999, found.Index[0]);
        Assert.Equal(0, found.SquaredDistance[0]);
        Assert.Equal(7, found.Index[1]);
        for (var i = 2; i < 20; i++)
        {
            var (distance, row) = (training - samples[i]).square().sum(1).min(0);
            Assert.Equal(row.item<long>(), found.Index[i]);
            Assert.Equal(distance.item<float>(), found.SquaredDistance[i], 1e-4f);
        }
    }
}
