using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Energies.Bases;

/// <summary>What every base promises, on all of its states.</summary>
public sealed class BaseTests
{
    private const int Draws = 50_000;

    static BaseTests() => TorchLibrary.EnsureLoaded();

    public static TheoryData<string> All => BaseCases.All;

    [Theory, MemberData(nameof(All))]
    public void LogProbability_OverEveryState_IsADistribution(string name)
    {
        using var scope = NewDisposeScope();
        var given = BaseCases.Create(name);
        var states = BaseCases.States(given.Space);

        Assert.Equal(1, given.LogProbability(states).exp().sum().item<double>(), 1e-12);
        EnergyCases.AssertClose(
            given.LogProbability(states), given.LogProbability(states.to_type(ScalarType.Float32)), 1e-5);
    }

    [Theory, MemberData(nameof(All))]
    public void StateGradient_OfEverySubstitution_IsItsGain(string name)
    {
        using var scope = NewDisposeScope();
        var given = BaseCases.Create(name);
        var states = BaseCases.States(given.Space);
        var (before, gradient) = (given.LogProbability(states), given.StateGradient(states));
        var isBinary = given.Space.Units == UnitKind.Binary;
        for (var i = 0; i < given.Space.Features; i++)
        {
            for (var value = 0; value < (isBinary ? 2 : given.Space.Categories); value++)
            {
                var moved = states.clone();
                moved.select(1, i).fill_(value);
                var old = states.select(1, i);
                var gain = isBinary
                    ? gradient.select(1, i) * (value - old)
                    : gradient.select(1, (i * given.Space.Categories) + value)
                        - gradient.gather(1, ((i * given.Space.Categories)
                            + old.to_type(ScalarType.Int64)).unsqueeze(1)).squeeze(1);

                EnergyCases.AssertClose(given.LogProbability(moved) - before, gain, 1e-12);
            }
        }
    }

    /// <summary>
    /// At most 81 frequencies of 50,000 draws each, within 7 standard errors: false alarm below 81 * 3e-12 = 3e-10;
    /// where a probability of 0.1 is off by 0.015, which is 11 standard errors, it fails with probability over 0.9999.
    /// </summary>
    [Theory, MemberData(nameof(All))]
    public void Sample_ManyTimes_HasTheDistribution(string name)
    {
        using var scope = NewDisposeScope();
        var given = BaseCases.Create(name);
        var states = BaseCases.States(given.Space);
        var distribution = EnergyCases.Values(given.LogProbability(states).exp());

        var drawn = given.Sample(Draws, NoiseFactory.On(CPU), new NoiseSite(new RandomKey(3), 0), CPU);

        var places = tensor([.. Enumerable.Range(0, given.Space.Features).Select(i => (float)Math.Pow(
            Math.Pow(distribution.Length, 1.0 / given.Space.Features), given.Space.Features - 1 - i))]);
        var counts = drawn.mv(places).round().to_type(ScalarType.Int64).bincount(null, distribution.Length).data<long>()
            .ToArray();
        for (var k = 0; k < distribution.Length; k++)
        {
            Assert.Equal(
                distribution[k], counts[k] / (double)Draws,
                (7 * Math.Sqrt(distribution[k] * (1 - distribution[k]) / Draws)) + (7.0 / Draws));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Sample_OfAnyDivisionOfTheRows_IsTheSame(string name)
    {
        using var scope = NewDisposeScope();
        var given = BaseCases.Create(name);
        var whole = given.Sample(100, NoiseFactory.On(CPU), new NoiseSite(new RandomKey(4), 7), CPU);
        var parts = cat([
            given.Sample(36, NoiseFactory.On(CPU), new NoiseSite(new RandomKey(4), 7), CPU),
            given.Sample(64, NoiseFactory.On(CPU), new NoiseSite(new RandomKey(4), 43), CPU)]);

        Assert.True(whole.Equals(parts));
        Assert.True(given.LogProbability(whole).isfinite().all().item<bool>());
    }

    [Fact]
    public void DataMean_OfCountedRows_HasTheirFrequencies()
    {
        using var scope = NewDisposeScope();

        // The columns of the three rows have 3, 0, 1, 1, 3 ones; half a row more of each value.
        var binary = EnergyCases.Values(BaseCases.Create("binary-mean")
            .StateGradient(zeros(1, 5, ScalarType.Float64)).exp());
        double[] odds = [3.5 / 0.5, 0.5 / 3.5, 1.5 / 2.5, 1.5 / 2.5, 3.5 / 0.5];
        Assert.All(odds.Zip(binary), pair => Assert.Equal(pair.First, pair.Second, 1e-7));

        var text = EnergyCases.Values(BaseCases.Create("text-mean")
            .StateGradient(zeros(1, 4, ScalarType.Float64)).exp());
        Assert.Equal([6.5 / 11.5, 4.5 / 11.5, 0.5 / 11.5], text[..3], new Near(1e-12));
        Assert.Equal([0.5 / 11.5, 4.5 / 11.5, 6.5 / 11.5], text[9..], new Near(1e-12));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<double>
    {
        public bool Equals(double x, double y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(double obj) => 0;
    }
}
