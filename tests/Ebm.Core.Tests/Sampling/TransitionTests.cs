using Ebm.Core.Energies;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.Spec;
using Ebm.Core.Tests.Energies;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Sampling;

/// <summary>
/// The Gibbs kernel of a tiny RBM against its enumerated transition matrix, in the manner of BlackJAX's discrete tests: the
/// matrix leaves the enumerated law as it is, and the float32 kernel draws from the matrix.
/// </summary>
public sealed class TransitionTests
{
    private const int Visible = 3, Hidden = 2, Draws = 20_000;

    [Fact]
    public void Matrix_OfTheTinyMachine_IsReversibleForTheEnumeratedLaw()
    {
        using var scope = NewDisposeScope();
        var (energy, p) = Tiny(ScalarType.Float64);
        using var owned = p;
        var law = EnergyCases.Values((-energy.Energy(p, EnergyCases.Cube(Visible))).softmax(0));
        var matrix = Matrix(p);

        for (var i = 0; i < law.Length; i++)
        {
            Assert.Equal(1, matrix[i].Sum(), 1e-12);
            Assert.Equal(law[i], Enumerable.Range(0, law.Length).Sum(k => law[k] * matrix[k][i]), 1e-8);
            Assert.All(Enumerable.Range(0, law.Length), k => Assert.Equal(law[i] * matrix[i][k], law[k] * matrix[k][i], 1e-8));
        }
    }

    /// <summary>
    /// 64 frequencies of 20,000 draws each. 7 standard errors: false alarm below 64 * 3e-12 = 2e-10; an error of 0.05 in a
    /// probability of one half is 14 standard errors and passes with probability below 1e-11. Three sweeps show that each
    /// has noise of its own.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Run_FromEveryState_DrawsFromThePowerOfTheMatrix(int steps)
    {
        using var scope = NewDisposeScope();
        var (energy, p) = Tiny(ScalarType.Float32);
        using var owned = p;
        var cube = EnergyCases.Cube(Visible).to_type(ScalarType.Float32);
        AssertDraws(Power(Matrix(p), steps), i => Run(energy, p, cube[i].expand(Draws, Visible), steps, i));
    }

    /// <summary>
    /// Two classes in turn in one block: each draws from the machine whose biases are those of its class. Rates as above, with
    /// half the draws (an error of 0.05 is 10 standard errors) and twice the frequencies.
    /// </summary>
    [Fact]
    public void Run_OfChainsOfTwoClasses_DrawsFromTheMatrixOfEach()
    {
        using var scope = NewDisposeScope();
        IEnergy energy = new RbmEnergy(new RbmSpec { Hidden = Hidden, Classes = 2 }, Visible);
        using var p = EnergyCases.RandomParameters(energy, 1, ScalarType.Float32);
        var cube = EnergyCases.Cube(Visible).to_type(ScalarType.Float32);
        var given = energy.Given([.. Enumerable.Range(0, 2 * Draws).Select(i => i % 2)], CPU);
        Tensor[] drawn =
            [.. Enumerable.Range(0, 1 << Visible).Select(i => Run(given, p, cube[i].expand(2 * Draws, Visible), 2, i).view(Draws, 2, Visible))];
        for (var y = 0; y < 2; y++)
        {
            var matrix = Matrix(p, p["visible.classes"][y], p["hidden.classes"][y]);
            AssertDraws(Power(matrix, 2), i => drawn[i].select(1, y));

            var law = EnergyCases.Values((-energy.Given([.. Enumerable.Repeat(y, 1 << Visible)], CPU).Energy(p, cube)).softmax(0));
            Assert.All(Enumerable.Range(0, law.Length), k => Assert.Equal(law[k], law.Select((q, i) => q * matrix[i][k]).Sum(), 1e-6));
        }
    }

    /// <summary>
    /// v' = b + Wh + sigma N(0, 1) from v = 0: its moments in closed form. 7 standard errors of 100,000 draws (0.022 sd on the
    /// mean): false alarm below 1e-10; a mean off by 0.05 sd fails with probability over 1 - 1e-11.
    /// </summary>
    [Fact]
    public void Sweep_OfTheGaussianMachine_HasTheConditionalMoments()
    {
        const int Count = 100_000;
        using var scope = NewDisposeScope();
        var energy = (GaussianRbmEnergy)EnergyCases.Create("gaussian-rbm");
        using var p = EnergyCases.RandomParameters(energy, 0.5f, ScalarType.Float32);
        var start = zeros(Count, 6);

        var states = energy.Sweep(p, start, Noise.On(CPU), new NoiseSite(new RandomKey(5), 0));

        var on = p["hidden.bias"].sigmoid();
        var mean = EnergyCases.Values(p["visible.bias"] + p["weight"].mv(on));
        var variance = EnergyCases.Values(p["weight"].square().mv(on * (1 - on)) + 0.49);
        var (gotMean, gotVariance) = (EnergyCases.Values(states.mean([0])), EnergyCases.Values(states.var(0)));
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(mean[i], gotMean[i], 7 * Math.Sqrt(variance[i] / Count));
            Assert.Equal(variance[i], gotVariance[i], 7 * variance[i] * Math.Sqrt(2.0 / Count));
        }
    }

    private static Tensor Run(IEnergy energy, Parameters p, Tensor start, int steps, int key) => new GibbsSampler(new GibbsSpec { Steps = steps })
        .Run(energy, p, start, new ChainBlock(Noise.On(CPU), RandomKey.Derive(7, Purpose.Sampler, 0, key), 0)).States;

    private static void AssertDraws(double[][] matrix, Func<int, Tensor> from)
    {
        var powers = tensor([1f, 2f, 4f]);
        for (var i = 0; i < matrix.Length; i++)
        {
            var counts = from(i).mv(powers).to_type(ScalarType.Int64).bincount(null, matrix.Length).data<long>().ToArray();
            for (var k = 0; k < matrix.Length; k++)
            {
                var error = Math.Sqrt(matrix[i][k] * (1 - matrix[i][k]) / Draws);
                Assert.Equal(matrix[i][k], counts[k] / (double)Draws, (7 * error) + (7.0 / Draws));
            }
        }
    }

    private static (RbmEnergy, Parameters) Tiny(ScalarType type)
    {
        var energy = new RbmEnergy(new RbmSpec { Hidden = Hidden }, Visible);
        return (energy, EnergyCases.RandomParameters(energy, 1, type));
    }

    private static double[][] Power(double[][] one, int steps) => Enumerable.Range(1, steps - 1).Aggregate(one, (power, _) => Product(power, one));

    private static double[][] Product(double[][] a, double[][] b) =>
        [.. a.Select(row => b[0].Select((_, k) => row.Select((value, i) => value * b[i][k]).Sum()).ToArray())];

    /// <summary>P(v' | v) = sum_h p(h | v) p(v' | h), written out unit by unit.</summary>
    private static double[][] Matrix(Parameters p, Tensor? visible = null, Tensor? hidden = null)
    {
        var w = EnergyCases.Values(p["weight"]);
        var b = EnergyCases.Values(visible is null ? p["visible.bias"] : p["visible.bias"] + visible);
        var c = EnergyCases.Values(hidden is null ? p["hidden.bias"] : p["hidden.bias"] + hidden);
        double Bernoulli(double logit, int value) => 1 / (1 + Math.Exp(value == 1 ? -logit : logit));
        double HiddenGiven(int h, int v) => Enumerable.Range(0, Hidden).Aggregate(1.0, (q, j) => q * Bernoulli(
            c[j] + Enumerable.Range(0, Visible).Sum(i => ((v >> i) & 1) * w[(i * Hidden) + j]), (h >> j) & 1));
        double VisibleGiven(int v, int h) => Enumerable.Range(0, Visible).Aggregate(1.0, (q, i) => q * Bernoulli(
            b[i] + Enumerable.Range(0, Hidden).Sum(j => ((h >> j) & 1) * w[(i * Hidden) + j]), (v >> i) & 1));
        return [.. Enumerable.Range(0, 1 << Visible).Select(from => Enumerable.Range(0, 1 << Visible).Select(to =>
            Enumerable.Range(0, 1 << Hidden).Sum(h => HiddenGiven(h, from) * VisibleGiven(to, h))).ToArray())];
    }
}
