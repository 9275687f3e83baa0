using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Likelihood;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Likelihood;

/// <summary>What a certified bracket claims, held against models whose log Z is enumerated.</summary>
public sealed class CertificateTests
{
    private static readonly AisSpec Settings = new() { Chains = 64, Temperatures = 200, Sweeps = 400, Copies = 8 };

    private const string Quick = "rbm path, gibbs";

    public static TheoryData<string> Slow => [.. ProvenMethods.All.Where(method => method != Quick)];

    [Fact]
    public void Bracket_AlongTheRbmPath_HoldsTheTruthNinetyFiveTimesOfAHundred() => Prove(Quick);

    [Theory]
    [MemberData(nameof(Slow))]
    [Trait("Category", "Long")]
    public void Bracket_OfAnyOtherMethod_HoldsTheTruthNinetyFiveTimesOfAHundred(string method) => Prove(method);

    /// <summary>
    /// 100 seeded RBMs of 10 visible and 6 to 12 hidden units whose weights are N(0, 1.2^2): with three standard errors a side the
    /// bracket should miss about once. Certified ones are counted alone, and most must be certified for the count to say anything.
    /// </summary>
    private static void Prove(string method)
    {
        var (held, certified) = (0, 0);
        for (var seed = 0ul; seed < 100; seed++)
        {
            using var scope = NewDisposeScope();
            var (energy, parameters) = AnnealingCases.Rbm(10, 6 + (int)(seed % 7), 1.2f, 1000 + seed);
            using var owned = parameters;
            var (likelihood, model) = For(method, energy);

            var bracket = AnnealingCases.Estimate(
                likelihood, model, parameters, new AnnealingRequest(Settings, seed, 0, 0), AnnealingCases.Data(10).Train.Stored);

            var exact = ExactLikelihood.LogZ(energy, parameters);
            Assert.Equal(method, likelihood.Method);
            certified += bracket.IsCertified ? 1 : 0;
            held += bracket.IsCertified && bracket.Lower <= exact && exact <= bracket.Upper ? 1 : 0;
        }

        Assert.InRange(certified, 80, 100);
        Assert.True(held >= 0.95 * certified, $"{held} of {certified}");
    }

    private static (AnnealedLikelihood Likelihood, IEnergy Energy) For(string method, RbmEnergy energy)
    {
        SamplerSpec sampler = method.Split(", ")[1] switch
        {
            "gibbs" => new GibbsSpec(),
            "gwg" => new GwgSpec { Steps = 5 },
            "dmala" => new DmalaSpec { Steps = 5, StepSize = 0.5 },
            var other => throw new ArgumentException(other),
        };
        IEnergy model = method.StartsWith("rbm", StringComparison.Ordinal) ? energy : new Unnamed(energy);
        return (new AnnealedLikelihood(AnnealingCases.Spec(sampler), model, AnnealingCases.Data(10)), model);
    }

    /// <summary>An RBM that is known by its energies and gradients alone.</summary>
    private sealed class Unnamed(RbmEnergy machine) : IEnergy
    {
        public StateSpace Space => machine.Space;

        public ParameterLayout Layout => machine.Layout;

        public Tensor Initialise(RandomKey key, DataSummary data) => machine.Initialise(key, data);

        public Tensor Energy(Parameters parameters, Tensor states) => machine.Energy(parameters, states);

        public Tensor StateGradient(Parameters parameters, Tensor states) => machine.StateGradient(parameters, states);

        public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states) =>
            machine.EnergyAndGradient(parameters, states);

        public (Tensor Energies, Tensor Gradient) ParameterGradient(Parameters parameters, Tensor states, double weight, double l2 = 0) =>
            machine.ParameterGradient(parameters, states, weight, l2);
    }
}
