using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;
using ExactLikelihood = Ebm.Core.Evaluation.ExactLikelihood;

namespace Ebm.Core.Tests.Evaluation;

public sealed class ExactLikelihoodTests
{
    [Theory]
    [InlineData(10, 7)]
    [InlineData(5, 13)]
    public void LogZ_ByEitherSide_IsTheSame(int visible, int hidden)
    {
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = hidden }, visible);
        using var p = EnergyCases.RandomParameters(energy, 1, ScalarType.Float32);
        using var exact = new Parameters(energy.Layout, p.Flat.to_type(ScalarType.Float64));

        var expected = (-energy.Energy(exact, EnergyCases.Cube(visible))).logsumexp(0).item<double>();

        Assert.Equal(expected, ExactLikelihood.LogZOverVisible(p), 1e-5 * Math.Abs(expected));
        Assert.Equal(expected, ExactLikelihood.LogZOverHidden(p), 1e-5 * Math.Abs(expected));
        Assert.Equal(expected, ExactLikelihood.LogZOverHidden(exact), 1e-10 * Math.Abs(expected));
        Assert.Equal(expected, ExactLikelihood.LogZ(energy, exact), 1e-10 * Math.Abs(expected));
    }

    [Fact]
    public void LogZ_OfIndependentUnits_IsTheProductOfTheirs()
    {
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = 14 }, 784);
        using var p = new Parameters(energy.Layout, zeros(energy.Layout.Length));

        Assert.Equal((784 + 14) * Math.Log(2), ExactLikelihood.LogZ(energy, p), 1e-4);
        Assert.Equal(
            -784 * Math.Log(2),
            ExactLikelihood.MeanLogLikelihood(energy, p, ExactLikelihood.LogZ(energy, p), zeros(5000, 784)), 1e-4);
    }

    [Fact]
    public void LogZ_BeyondTheLimitOrNotFinite_IsRefused()
    {
        using var scope = NewDisposeScope();
        var large = new RbmEnergy(new RbmSpec { Hidden = 25 }, 25);
        using var p = new Parameters(large.Layout, zeros(large.Layout.Length));
        Assert.False(ExactLikelihood.IsPossible(large));
        Assert.Throws<EbmException>(() => ExactLikelihood.LogZ(large, p));

        var small = new RbmEnergy(new RbmSpec { Hidden = 3 }, 25);
        using var broken = new Parameters(small.Layout, full(small.Layout.Length, float.NaN));
        Assert.Throws<EbmException>(() => ExactLikelihood.LogZ(small, broken));
    }

    /// <summary>
    /// With exact samples contrastive divergence is the exact gradient of the mean negative log-likelihood.
    /// </summary>
    [Fact]
    public void ParameterGradient_WithTheEnumeratedDistributionAsNegatives_IsTheLikelihoodsGradient()
    {
        const double Step = 1e-5;
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = 3 }, 4);
        using var p = EnergyCases.RandomParameters(energy, 0.7f);
        var data = EnergyCases.RandomStates(energy, 9);

        var gradient = ExactGradient(energy, p, data);

        for (var i = 0; i < energy.Layout.Length; i++)
        {
            var expected = (Loss(i, Step) - Loss(i, -Step)) / (2 * Step);
            Assert.Equal(expected, gradient[i].item<double>(), 1e-8);
        }

        double Loss(int i, double move)
        {
            var flat = p.Flat.clone();
            flat[i] += move;
            using var moved = new Parameters(energy.Layout, flat);
            return -ExactLikelihood.MeanLogLikelihood(energy, moved, ExactLikelihood.LogZ(energy, moved), data);
        }
    }

    /// <summary>
    /// 2x2 bars and stripes, blank and full twice: no model exceeds the data's own entropy, -1.732868 nats a row, and
    /// exact gradient ascent comes close to it.
    /// </summary>
    [Fact]
    public void MeanLogLikelihood_OfBarsAndStripes_ApproachesItsBoundFromBelow()
    {
        const double Bound = -1.732868;
        using var scope = NewDisposeScope();
        var energy = new RbmEnergy(new RbmSpec { Hidden = 6 }, 4);
        using var p = EnergyCases.RandomParameters(energy, 0.3f);
        var rows = tensor(new double[,]
        {
            { 0, 0, 0, 0 }, { 1, 1, 0, 0 }, { 0, 0, 1, 1 }, { 1, 1, 1, 1 },
            { 0, 0, 0, 0 }, { 1, 0, 1, 0 }, { 0, 1, 0, 1 }, { 1, 1, 1, 1 },
        });
        var velocity = zeros_like(p.Flat);
        var last = double.NegativeInfinity;
        for (var i = 0; i < 400; i++)
        {
            using var inner = NewDisposeScope();
            velocity.mul_(0.9).add_(ExactGradient(energy, p, rows), alpha: -0.5);
            p.Flat.add_(velocity);
            if (i % 100 == 99)
            {
                var now = ExactLikelihood.MeanLogLikelihood(energy, p, ExactLikelihood.LogZ(energy, p), rows);
                Assert.InRange(now, last, Bound);
                last = now;
            }
        }

        Assert.InRange(last, Bound - 0.05, Bound);
    }

    /// <summary>Mean of dE over the data minus its mean under the enumerated distribution.</summary>
    private static Tensor ExactGradient(RbmEnergy energy, Parameters p, Tensor data)
    {
        var cube = EnergyCases.Cube(energy.Space.Features);
        var distribution = EnergyCases.Values((-energy.Energy(p, cube)).softmax(0));
        var gradient = energy.ParameterGradient(p, data, 1.0 / data.shape[0]).Gradient;
        for (var i = 0; i < distribution.Length; i++)
        {
            gradient.add_(energy.ParameterGradient(p, cube.narrow(0, i, 1), -distribution[i]).Gradient);
        }

        return gradient;
    }
}
