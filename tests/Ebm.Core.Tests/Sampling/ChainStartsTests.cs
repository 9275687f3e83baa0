using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling;

public sealed class ChainStartsTests
{
    private const int Count = 2000, Features = 20;

    static ChainStartsTests() => TorchLibrary.EnsureLoaded();

    /// <summary>
    /// 40,000 draws; bounds of 6 standard errors, so a false alarm below 1e-8 for the three together.
    /// </summary>
    [Theory]
    [InlineData(UnitKind.Binary, null, 0.5, 0.25)]
    [InlineData(UnitKind.Real, new[] { -1.0, 3.0 }, 1, 16.0 / 12)]
    [InlineData(UnitKind.Real, null, 0, 1)]
    public void Fresh_OfEachKind_HasItsMoments(UnitKind units, double[]? range, double mean, double variance)
    {
        using var scope = NewDisposeScope();

        var states = Fresh(units, range, Count, 0);

        Assert.Equal(mean, states.mean().item<float>(), 6 * Math.Sqrt(variance / Count / Features));
        Assert.Equal(variance, states.var().item<float>(), 6 * variance * Math.Sqrt(2.0 / Count / Features));
        if (units == UnitKind.Binary)
        {
            Assert.True(states.Equals(states.gt(0.5).to_type(ScalarType.Float32)));
        }
    }

    [Fact]
    public void Fresh_FromALaterChain_GivesThoseRows()
    {
        using var scope = NewDisposeScope();

        Assert.True(Fresh(UnitKind.Real, null, 10, 5).Equals(Fresh(UnitKind.Real, null, 20, 0).narrow(0, 5, 10)));
    }

    [Fact]
    public void Fresh_OfAnEnergyOnABase_AreTheBasesDraws()
    {
        using var scope = NewDisposeScope();
        var energy = (EnergyOverBase)EnergyCases.Create("based");
        var site = new NoiseSite(new RandomKey(9), 3);

        Assert.True(energy.Base.Sample(10, NoiseFactory.On(CPU), site, CPU).Equals(
            ChainStarts.Fresh(energy, null, 10, NoiseFactory.On(CPU), site, CPU)));
        Assert.True(ChainStarts.Fresh(energy.Space, null, 10, NoiseFactory.On(CPU), site, CPU).Equals(
            ChainStarts.Fresh(energy.Network, null, 10, NoiseFactory.On(CPU), site, CPU)));
    }

    [Fact]
    public void Info_OfCategories_CountsUnitsAndNotHowFarTheirNumbersAreApart()
    {
        using var scope = NewDisposeScope();
        var (first, last) = (tensor(new float[,] { { 0, 5, 9 }, { 1, 1, 1 } }),
            tensor(new float[,] { { 9, 5, 8 }, { 1, 1, 1 } }));

        Assert.Equal(1, SamplerInfo.Of(first, last, UnitKind.Categorical).JumpDistance);
        Assert.Equal(41, SamplerInfo.Of(first, last).JumpDistance);
    }

    private static Tensor Fresh(UnitKind units, double[]? range, int count, uint first) => ChainStarts.Fresh(
        new StateSpace(Features, units), range, count, NoiseFactory.On(CPU), new NoiseSite(new RandomKey(9), first),
        CPU);
}
