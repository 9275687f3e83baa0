using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Likelihood;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Spec;
using Ebm.Core.States;
using TorchSharp;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Likelihood;

/// <summary>Models whose log Z is known from elsewhere.</summary>
public sealed class KnownNormalisersTests
{
    /// <summary>
    /// log Z of the Ising model on a 10x10 torus by Kaufman's formula (Physical Review 76, 1949; checked by brute force
    /// on smaller ones), from both sides.
    /// </summary>
    [Theory]
    [InlineData(0.2, 73.453098, 500)]
    [InlineData(0.3, 79.060017, 1000)]
    [InlineData(0.4, 88.187701, 4000)]
    public void Estimate_OfTheIsingTorus_IsWithinAFewHundredthsOfANat(double coupling, double logZ, int temperatures)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyFactory.Create(new IsingSpec { Lattice = [10, 10], Coupling = coupling }, 100);
        using var parameters = new Parameters(
            energy.Layout, energy.Initialise(new RandomKey(1), new DataSummary(new float[100])));
        var coins = zeros(200, 100);
        NoiseFactory.On(CPU).FillUniform(coins, new NoiseSite(new RandomKey(4), 0));
        var data = AnnealingCases.Data(coins.gt(0.5).to_type(ScalarType.Float32));
        var likelihood = new AnnealedLikelihood(new GibbsSpec(), energy, data);
        var settings = new AisSpec { Chains = 128, Temperatures = temperatures, Sweeps = Math.Max(1000, temperatures),
            Copies = 8 };

        var bracket = AnnealingCases.Estimate(
            likelihood, energy, parameters, new AnnealingRequest(settings, 1, 0, 0),
            coins.gt(0.5).to_type(ScalarType.Float32));

        Assert.Equal(logZ, bracket.FromBase, 0.05);
        Assert.Equal(logZ, bracket.FromModel, 0.05);
        Assert.InRange(logZ, bracket.Lower, bracket.Upper);
        Assert.True(bracket.IsCertified, string.Join("; ", bracket.FailedChecks));
    }

    /// <summary>Enumeration against the same formula on the 4x4 torus.</summary>
    [Theory]
    [InlineData(0.2, 11.771470)]
    [InlineData(0.440687, 15.521915)]
    public void LogZ_OfTheSmallIsingTorus_IsKaufmans(double coupling, double logZ)
    {
        using var scope = NewDisposeScope();
        var energy = EnergyFactory.Create(new IsingSpec { Lattice = [4, 4], Coupling = coupling }, 16);
        using var parameters = new Parameters(
            energy.Layout, energy.Initialise(new RandomKey(1), new DataSummary(new float[16])));

        Assert.Equal(logZ, ExactLikelihood.LogZ(energy, parameters), 2e-5);
    }

    /// <summary>Three categories each: the sum over all states in double, by hand.</summary>
    [Fact]
    public void LogZ_OfAPottsModel_IsTheSumOverItsStates()
    {
        using var scope = NewDisposeScope();
        var energy = Energies.EnergyCases.Create("potts-full");
        using var parameters = Energies.EnergyCases.RandomParameters(energy, 0.5f);
        var rows = new List<double>();
        for (var k = 0; k < 729; k++)
        {
            double[] state = [.. Enumerable.Range(0, 6).Select(i => (double)(k / (int)Math.Pow(3, i) % 3))];
            rows.Add(-energy.Energy(parameters, tensor(state).unsqueeze(0)).item<double>());
        }

        Assert.Equal(Math.Log(rows.Sum(Math.Exp)), ExactLikelihood.LogZ(energy, parameters), 1e-9);
        Assert.False(ExactLikelihood.IsPossible(Energies.EnergyCases.Create("gaussian-rbm")));
    }

    /// <summary>
    /// x = log of a gamma variable of shape a has the density exp(a x - e^x) / Gamma(a): TFP's test of its own AIS, and
    /// its tolerance of five standard errors (false alarm 6e-7 a case, two of them).
    /// </summary>
    [Theory]
    [InlineData(2, 0)]
    [InlineData(4, 1.791759469228055)]
    public void Estimate_OfALogGammaDensity_IsTheGammaFunction(double shape, double logGamma)
    {
        using var scope = NewDisposeScope();
        var energy = new LogGamma(shape);
        using var parameters = new Parameters(energy.Layout, zeros(1));
        var data = AnnealingCases.RealData(1);
        var likelihood = new AnnealedLikelihood(
            new HmcSpec { StepSize = 0.5, Leapfrog = 3 }, energy, data);
        var settings = new AisSpec { Chains = 128, Temperatures = 250, Sweeps = 200, Copies = 8 };

        var bracket = AnnealingCases.Estimate(
            likelihood, energy, parameters, new AnnealingRequest(settings, 1, 0, 0), data.Train.Stored);

        Assert.Equal(logGamma, bracket.FromBase, 5 * bracket.Forward.Error);
        Assert.Equal(logGamma, bracket.FromModel, 5 * bracket.Reverse.Error);
        Assert.InRange(bracket.Forward.Error, 1e-6, 0.02);
    }

    private sealed class LogGamma(double shape) : IEnergy
    {
        public StateSpace Space { get; } = new(1, UnitKind.Real);

        public ParameterLayout Layout { get; } = new(("none", [1]));

        public Tensor Initialise(RandomKey key, DataSummary data) => zeros(1);

        public Tensor Energy(Parameters parameters, Tensor states)
        {
            using Scalar factor = -shape;
            return states.exp().Plus(states.mul(factor)).squeeze(1);
        }

        public Tensor StateGradient(Parameters parameters, Tensor states)
        {
            using Scalar constant = -shape;
            return states.exp().Plus(constant);
        }

        public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states) =>
            (Energy(parameters, states), StateGradient(parameters, states));

        public (Tensor Energies, Tensor Gradient) ParameterGradient(
            Parameters parameters, Tensor states, double weight, double l2 = 0) =>
            throw new NotSupportedException();
    }
}
