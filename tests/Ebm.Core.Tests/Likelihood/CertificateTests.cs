using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Evaluation;
using Ebm.Core.Likelihood;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Likelihood;

/// <summary>What a certified bracket claims, held against models whose log Z is enumerated.</summary>
public sealed class CertificateTests
{
    private static readonly AisSpec Settings = new() { Chains = 64, Temperatures = 200, Sweeps = 400, Copies = 8 };

    private const string Quick = "rbm path, gibbs";

    public static TheoryData<string> Slow => [.. ValidatedMethods.All.Where(method => method != Quick)];

    [Fact]
    public void Bracket_AlongTheRbmPath_HoldsTheTruthNinetyFiveTimesOfAHundred() => Prove(Quick);

    [Theory]
    [MemberData(nameof(Slow))]
    [Trait("Category", "Long")]
    public void Bracket_OfAnyOtherMethod_HoldsTheTruthNinetyFiveTimesOfAHundred(string method) => Prove(method);

    /// <summary>
    /// 100 seeded small models whose log Z is known. With three standard errors a side the bracket should miss about
    /// once. Certified ones are counted alone, and most must be certified for the count to say anything.
    /// </summary>
    private static void Prove(string method)
    {
        var (held, certified) = (0, 0);
        for (var seed = 0ul; seed < 100; seed++)
        {
            using var scope = NewDisposeScope();
            var (energy, parameters, exact) = Model(method, 1000 + seed);
            using var owned = parameters;
            var data = energy.Space.Units == UnitKind.Real
                ? AnnealingCases.RealData(energy.Space.Features)
                : AnnealingCases.Data(energy.Space.Features);
            var likelihood = new AnnealedLikelihood(Sampler(method), energy, data);

            var bracket = AnnealingCases.Estimate(
                likelihood, energy, parameters, new AnnealingRequest(Settings, seed, 0, 0), data.Train.Stored);

            Assert.Equal(method, bracket.Method);
            certified += bracket.IsCertified ? 1 : 0;
            held += bracket.IsCertified && bracket.Lower <= exact && exact <= bracket.Upper ? 1 : 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{method}: {held} of {certified} certified brackets hold");
        Assert.InRange(certified, 80, 100);
        Assert.True(held >= 0.95 * certified, $"{held} of {certified}");
    }

    private static (IEnergy Energy, Parameters Parameters, double LogZ) Model(string method, ulong seed)
    {
        var hidden = 6 + (int)(seed % 7);
        switch (method)
        {
            case "energy path, mala" or "energy path, hmc":
                var (real, ofReal, known) = AnnealingCases.Gaussian(3, hidden, 0.7f, seed);
                return (new Unnamed(real), ofReal, known);
            case "parameter path, gibbs":
                var (spins, ofSpins) = AnnealingCases.Spins(10, 0.4f, seed);
                return (spins, ofSpins, ExactLikelihood.LogZ(spins, ofSpins));
            default:
                var (machine, parameters) = AnnealingCases.Rbm(10, hidden, 1.2f, seed);
                return (method == Quick ? machine : new Unnamed(machine), parameters,
                    ExactLikelihood.LogZ(machine, parameters));
        }
    }

    private static SamplerSpec Sampler(string method) => method.Split(", ")[1] switch
    {
        "gibbs" => new GibbsSpec(),
        "gwg" => new GwgSpec(),
        "dmala" => new DmalaSpec { StepSize = 0.5 },
        "mala" => new MalaSpec { StepSize = 0.1 },
        "hmc" => new HmcSpec { StepSize = 0.3, Leapfrog = 5 },
        var other => throw new ArgumentException(other),
    };

    /// <summary>A machine that is known by its energies and gradients alone.</summary>
    private sealed class Unnamed(IEnergy machine) : IEnergy
    {
        public StateSpace Space => machine.Space;

        public ParameterLayout Layout => machine.Layout;

        public Tensor Initialise(RandomKey key, DataSummary data) => machine.Initialise(key, data);

        public Tensor Energy(Parameters parameters, Tensor states) => machine.Energy(parameters, states);

        public Tensor StateGradient(Parameters parameters, Tensor states) => machine.StateGradient(parameters, states);

        public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states) =>
            machine.EnergyAndGradient(parameters, states);

        public (Tensor Energies, Tensor Gradient) ParameterGradient(
            Parameters parameters, Tensor states, double weight, double l2 = 0) =>
            machine.ParameterGradient(parameters, states, weight, l2);
    }
}
