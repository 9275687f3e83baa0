using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Registry;

public sealed class EnergyFactoryTests
{
    [Fact]
    public void Create_ConvOnPlainRows_NamesTheAlternative()
    {
        var error = Assert.Throws<InputException>(() => EnergyFactory.Create(new ConvSpec(), 10));

        Assert.Contains("rows of 10 numbers without an image shape", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ImageOfAnotherSize_IsRefused() =>
        Assert.Throws<InputException>(
            () => EnergyFactory.Create(new RbmSpec { Hidden = 2 }, 10, new ImageShape(1, 3, 3)));

    [Fact]
    public void Create_ConvOnDigits_IsTheTutorialsNetwork()
    {
        var energy = EnergyFactory.Create(new ConvSpec(), 784, new ImageShape(1, 28, 28));

        Assert.Equal(
            ["16x1x5x5", "16", "32x16x3x3", "32", "64x32x3x3", "64", "64x64x3x3", "64", "64x256", "64", "1x64", "1"],
            energy.Layout.Entries.Select(e => string.Join('x', e.Shape)));
    }

    [Fact]
    public void Initialise_OfANetwork_StaysWithinTheInverseRootOfTheFanIn()
    {
        using var scope = NewDisposeScope();
        var energy = EnergyFactory.Create(new MlpSpec { Hidden = [128, 64], Activation = Activation.Relu }, 10);
        using var p = new Parameters(
            energy.Layout, energy.Initialise(new RandomKey(1), new DataSummary(new float[10])));

        foreach (var (name, fanIn) in (ReadOnlySpan<(string, int)>)[("dense1.weight", 10), ("dense2.bias", 128),
            ("output.weight", 64)])
        {
            var largest = p[name].abs().max().item<float>() * Math.Sqrt(fanIn);

            // The largest of at least 64 uniform values is below 0.7 with probability under 2e-10.
            Assert.InRange(largest, 0.7, 1);
        }
    }
}
