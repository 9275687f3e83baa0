using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Randomness;
using Ebm.Core.Registry;
using Ebm.Core.Sampling;
using Ebm.Core.Sampling.Tempering;
using Ebm.Core.Spec;
using Ebm.Core.States;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling.Tempering;

public sealed class TemperingSamplerTests
{
    private const int Units = 3, Chains = 20_000;

    public static TheoryData<string> Inner => ["gibbs", "gwg"];

    private static TemperingSampler Sampler(TemperingSpec spec) => new(spec, SamplerFactory.Create(spec.Inner));

    private static TemperingSpec Spec(string inner, int exchanges = 1) => new()
    {
        Replicas = 4,
        Ratio = 0.5,
        Adapt = false,
        Exchanges = exchanges,
        Inner = inner == "gibbs" ? new GibbsSpec() : new GwgSpec { Steps = 1 },
    };

    /// <summary>
    /// Started at draws of the joint distribution of all replicas, one call keeps it: each replica's frequencies of 8
    /// states are those of its own temperature, and pairs of neighbours stay independent. 7 standard errors of 20,000
    /// draws over 32 + 192 frequencies: false alarm below 224 * 3e-12; an exchange in the wrong direction moves a
    /// frequency by 0.05, 14 standard errors or more.
    /// </summary>
    [Theory]
    [MemberData(nameof(Inner))]
    public void Run_FromTheJointDistribution_StaysInIt(string inner)
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = Machine();
        using var owned = parameters;
        var spec = Spec(inner);
        var distributions = Distributions(energy, parameters, spec);

        var states = Sampler(spec).Run(energy, parameters, Draw(distributions), Block(1)).States;

        var numbers = Enumerable.Range(0, distributions.Length).Select(r => Numbers(states.narrow(1, r * Units, Units)))
            .ToArray();
        for (var r = 0; r < distributions.Length; r++)
        {
            AssertDistribution(distributions[r], numbers[r]);
            if (r > 0)
            {
                var (hot, cold) = (distributions[r], distributions[r - 1]);
                double[] joint = [.. cold.SelectMany(p => hot.Select(q => p * q))];
                AssertDistribution(joint, [.. numbers[r - 1].Zip(numbers[r], (i, j) => (i * 8) + j)]);
            }
        }
    }

    /// <summary>From one corner, many calls end in the model's distribution.</summary>
    [Theory]
    [MemberData(nameof(Inner))]
    public void Run_FromAnywhere_EndsInTheModelsDistribution(string inner)
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = Machine();
        using var owned = parameters;
        var spec = Spec(inner, exchanges: 60);

        var states = Sampler(spec).Run(energy, parameters, zeros(Chains, Units), Block(2)).States;

        Assert.Equal([Chains, 4 * Units], states.shape);
        AssertDistribution(Distributions(energy, parameters, spec)[0], Numbers(states.narrow(1, 0, Units)));
    }

    /// <summary>
    /// At the joint distribution the expected share is sum p_i(x) p_j(y) min(1, p_i(y) p_j(x) / (p_i(x) p_j(y))), pair
    /// by pair.
    /// </summary>
    [Theory]
    [MemberData(nameof(Inner))]
    public void Run_FromTheJointDistribution_ExchangesAsOftenAsEnumerated(string inner)
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = Machine();
        using var owned = parameters;
        var spec = Spec(inner);
        var distributions = Distributions(energy, parameters, spec);
        var expected = Enumerable.Range(0, distributions.Length - 1)
            .Average(r => Enumerable.Range(0, 8).Sum(x => Enumerable.Range(0, 8).Sum(
            y => Math.Min(
                distributions[r][x] * distributions[r + 1][y], distributions[r][y] * distributions[r + 1][x]))));

        var info = Sampler(spec).Run(energy, parameters, Draw(distributions), Block(3)).Info;

        // 60,000 pairs, of which neighbours are hardly correlated: 6 standard errors.
        Assert.Equal(expected, info.SwapAcceptance, 6 * Math.Sqrt(expected * (1 - expected) / (3 * Chains)));
        Assert.InRange(expected, 0.3, 0.95);
    }

    /// <summary>
    /// Two wells at +-3 whose barrier is 20 nats high: of chains that start in the left one, hardly any of a single
    /// chain's are in the right one after 2,000 steps, and about half with replicas (ebmkit's test, its bounds).
    /// </summary>
    [Fact]
    public void Run_FromOneOfTwoWells_ReachesTheOther()
    {
        using var scope = NewDisposeScope();
        var energy = new Wells();
        using var parameters = new Parameters(energy.Layout, zeros(1));
        var mala = new MalaSpec { StepSize = 0.02, Steps = 10, Adapt = false };
        var start = full([200, 1], -3, ScalarType.Float32);

        var alone = SamplerFactory.Create(mala with { Steps = 2000 }).Run(energy, parameters, start, Block(4)).States;
        var tempered = Sampler(new TemperingSpec { Replicas = 8, Ratio = 0.6, Adapt = false, Exchanges = 200,
            Inner = mala })
            .Run(energy, parameters, start, Block(4)).States;

        Assert.InRange(Right(alone), 0, 0.05);
        Assert.InRange(Right(tempered.narrow(1, 0, 1)), 0.3, 0.7);

        static double Right(Tensor x) => x.gt(0).mean([0L], type: ScalarType.Float64).item<double>();
    }

    /// <summary>The states of a block's chains do not depend on the block, nor on how the replicas came in.</summary>
    [Fact]
    public void Run_OfBlocks_GivesTheBitsOfOne()
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = Machine();
        using var owned = parameters;
        var sampler = Sampler(Spec("gwg", exchanges: 3));
        var start = zeros(96, Units);

        var whole = sampler.Run(energy, parameters, start, Block(5)).States;
        var second = sampler.Run(
            energy, parameters, start[64..].repeat(1, 4), Block(5) with { FirstChain = 64 }).States;

        Assert.True(whole[64..].Equals(second));
    }

    [Fact]
    public void Run_WithAClamp_KeepsItInEveryReplica()
    {
        using var scope = NewDisposeScope();
        var (energy, parameters) = Machine();
        using var owned = parameters;
        var clamp = new ClampedUnits(tensor([1f, 0, 0]), tensor([1f, 0, 0]));

        var states = Sampler(Spec("gibbs", exchanges: 5))
            .Run(energy, parameters, zeros(50, Units), Block(6), clamp).States;

        Assert.True(states.view(50, 4, Units).select(2, 0).eq(1).all().item<bool>());
        Assert.False(states.view(50, 4, Units).select(2, 1).eq(1).all().item<bool>());
    }

    /// <summary>
    /// Where states are exchanged more often than wanted the temperatures move apart, else together; the inner step
    /// adapts too.
    /// </summary>
    [Fact]
    public void Adapt_ByTheShareOfExchanges_MovesTheLadder()
    {
        var sampler = Sampler(new TemperingSpec { Replicas = 3, Ratio = 0.8,
            Inner = new DmalaSpec { StepSize = 0.2 } });
        var start = sampler.InitialTuning;

        Assert.Equal([0.25, 0.2], start, (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([1, 0.8, 0.64], sampler.Ladder(start), (a, b) => Math.Abs(a - b) < 1e-12);
        var often = sampler.Adapt(start, Figures(swaps: 0.9, acceptance: 0.574), 1);
        var seldom = sampler.Adapt(start, Figures(swaps: 0.05, acceptance: 0.9), 1);
        Assert.True(often[0] > 0.25 && Math.Abs(often[1] - 0.2) < 1e-12);
        Assert.True(seldom[0] < 0.25 && seldom[1] > 0.2);
        Assert.True(sampler.Ladder(often)[2] < 0.64 && sampler.Ladder(seldom)[2] > 0.64);
        Assert.Equal(sampler.Ladder([]), sampler.Ladder(start));

        static ChainMetrics Figures(double swaps, double acceptance) => new(64, acceptance, 1, 1, swaps, 0, 0);
    }

    private static (RbmEnergy Energy, Parameters Parameters) Machine()
    {
        var energy = new RbmEnergy(new RbmSpec { Hidden = 2 }, Units);
        return (energy, EnergyCases.RandomParameters(energy, 1.5f, ScalarType.Float32));
    }

    private static ChainBlock Block(ulong seed) => new(NoiseFactory.On(CPU), new RandomKey(seed), 0);

    /// <summary>
    /// The distribution of each replica over the eight states, enumerated in double: of Gibbs sampling with parameters
    /// times beta.
    /// </summary>
    private static double[][] Distributions(RbmEnergy energy, Parameters parameters, TemperingSpec spec)
    {
        var cube = EnergyCases.Cube(Units);
        return [.. Sampler(spec).Ladder([]).Select(beta =>
        {
            var inParameters = spec.Inner is GibbsSpec ? beta : 1;
            using var scaled = new Parameters(
                energy.Layout, parameters.Flat.to_type(ScalarType.Float64) * inParameters);
            return EnergyCases.Values((energy.Energy(scaled, cube) * -(spec.Inner is GibbsSpec ? 1 : beta)).softmax(0));
        })];
    }

    /// <summary>Independent draws of every replica's distribution, side by side.</summary>
    private static Tensor Draw(double[][] distributions)
    {
        var cube = EnergyCases.Cube(Units).to_type(ScalarType.Float32);
        return cat([.. distributions.Select((distribution, r) =>
        {
            var uniform = empty(Chains, 1);
            NoiseFactory.On(CPU).FillUniform(uniform, new NoiseSite(new RandomKey(77), 0, Step: (uint)r));
            var index = uniform.to_type(ScalarType.Float64).gt(tensor(distribution).cumsum(0)).sum(1).clamp_max(7);
            return cube.index_select(0, index);
        })], 1);
    }

    private static int[] Numbers(Tensor states) =>
        [.. states.mv(tensor([1f, 2f, 4f])).to_type(ScalarType.Int32).data<int>()];

    private static void AssertDistribution(double[] distribution, int[] drawn)
    {
        var counts = drawn.GroupBy(k => k).ToDictionary(g => g.Key, g => g.Count());
        for (var k = 0; k < distribution.Length; k++)
        {
            var (p, n) = (distribution[k], drawn.Length);
            Assert.Equal(p, counts.GetValueOrDefault(k) / (double)n, (7 * Math.Sqrt(p * (1 - p) / n)) + (4.0 / n));
        }
    }

    /// <summary>E(x) = 20 (x^2 / 9 - 1)^2.</summary>
    private sealed class Wells : IEnergy
    {
        public StateSpace Space { get; } = new(1, UnitKind.Real);

        public ParameterLayout Layout { get; } = new(("none", [1]));

        public Tensor Initialise(RandomKey key, DataSummary data) => zeros(1);

        public Tensor Energy(Parameters parameters, Tensor states)
        {
            using TorchSharp.Scalar height = 20;
            var depth = Depth(states);
            return depth.mul(depth).mul_(height).squeeze(1);
        }

        public Tensor StateGradient(Parameters parameters, Tensor states)
        {
            using TorchSharp.Scalar slope = 80 / 9.0;
            return Depth(states).mul_(states).mul_(slope);
        }

        public (Tensor Energies, Tensor Gradient) EnergyAndGradient(Parameters parameters, Tensor states) =>
            (Energy(parameters, states), StateGradient(parameters, states));

        public (Tensor Energies, Tensor Gradient) ParameterGradient(
            Parameters parameters, Tensor states, double weight, double l2 = 0) =>
            throw new NotSupportedException();

        private static Tensor Depth(Tensor x)
        {
            using TorchSharp.Scalar ninth = 1 / 9.0, one = 1;
            return x.mul(x).mul_(ninth).sub_(one);
        }
    }
}
