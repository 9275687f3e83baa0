using Ebm.Core.Energies.Layers;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Layers;

public sealed class SpectralNormalisationTests
{
    public SpectralNormalisationTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Apply_WhereTheLargestSingularValueStandsOut_DividesByIt()
    {
        using var scope = NewDisposeScope();
        var (u, v) = (Normal(0, 12, 1), Normal(20, 1, 30));
        var weight = u.mm(v).add(Normal(40, 12, 30).mul(0.1));
        var largest = linalg.svdvals(weight)[0].item<double>();

        EnergyCases.AssertClose(weight.div(largest), SpectralNormalisation.Apply(weight, 3), 1e-12);
        Assert.Equal(1, linalg.svdvals(
            SpectralNormalisation.Apply(weight.reshape(12, 5, 6), 3).reshape(12, 30))[0].item<double>(), 1e-12);
    }

    /// <summary>
    /// Singular values of noise lie close together, and ten iterations do not separate the first from the second.
    /// </summary>
    [Fact]
    public void Apply_OfNoise_IsWithinFivePercent()
    {
        using var scope = NewDisposeScope();
        for (var index = 0; index < 20; index++)
        {
            var norm = linalg.svdvals(SpectralNormalisation.Apply(
                Normal((uint)(100 * index), 64, 288), index))[0].item<double>();
            Assert.InRange(norm, 1, 1.05);
        }
    }

    private static Tensor Normal(uint first, int rows, int columns)
    {
        var values = zeros(rows, columns);
        NoiseFactory.On(CPU).AddNormal(values, 1, new NoiseSite(new RandomKey(77), first));
        return values.to_type(ScalarType.Float64);
    }
}
