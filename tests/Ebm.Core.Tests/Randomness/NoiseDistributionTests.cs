using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Randomness;

/// <summary>
/// The distributions of both kinds of noise, on 1024 x 1000 values. Every bound is |z| below 5.5 (or Kolmogorov below
/// 3): a key drawn at random fails one comparison with probability 4e-8 (3e-8; up to 4e-7 for counts of rare events),
/// any of the hundred of this class with less than 1e-5. Power above 0.99 for a mean off by 0.008 standard deviations,
/// a variance or a fourth moment off by 1.2 % and 3 %, a correlation of 0.008.
/// </summary>
public sealed class NoiseDistributionTests
{
    private const int Rows = 1024, Columns = 1000;
    private const double Bound = 5.5;
    private static readonly NoiseSite Site = new(RandomKey.Derive(11, Purpose.Evaluation, 0, 0), FirstChain: 64);

    static NoiseDistributionTests() => TorchLibrary.EnsureLoaded();

    public static TheoryData<INoise> Noises => [new PhiloxNoise(), new GeneratorNoise()];

    [Theory, MemberData(nameof(Noises), DisableDiscoveryEnumeration = true)]
    public void FillUniform_Values_AreUniform(INoise noise)
    {
        var values = Draw(target => noise.FillUniform(target, Site));

        Assert.All(values, u => Assert.InRange(u, 0, 1 - 1 / 16777216.0));
        Assert.InRange(Moments.Z(values, 0.5, 1 / 12.0), -Bound, Bound);
        Assert.InRange(Moments.Z(values.Select(u => (u - 0.5) * (u - 0.5)), 1 / 12.0, 1 / 180.0), -Bound, Bound);
        Assert.InRange(Moments.Kolmogorov(values, u => u), 0, 3);
        AssertUncorrelated([.. values.Select(u => (u - 0.5) * Math.Sqrt(12))]);
    }

    [Theory, MemberData(nameof(Noises), DisableDiscoveryEnumeration = true)]
    public void AddNormal_Values_AreStandardNormalTimesTheScale(INoise noise)
    {
        var values = Draw(target => noise.AddNormal(target.zero_(), 2, Site)).Select(x => x / 2).ToArray();

        Assert.InRange(Moments.Z(values, 0, 1), -Bound, Bound);
        Assert.InRange(Moments.Z(values.Select(x => x * x), 1, 2), -Bound, Bound);
        Assert.InRange(Moments.Z(values.Select(x => x * x * x), 0, 15), -Bound, Bound);
        Assert.InRange(Moments.Z(values.Select(x => x * x * x * x), 3, 96), -Bound, Bound);
        Assert.InRange(Moments.Kolmogorov(values, Moments.NormalCdf), 0, 3);
        foreach (var limit in (double[])[2, 3, 4])
        {
            var p = 2 * Moments.NormalCdf(-limit);
            Assert.InRange(Moments.Z(values.Select(x => Math.Abs(x) > limit ? 1.0 : 0), p, p * (1 - p)), -Bound, Bound);
        }

        AssertUncorrelated(values);
        AssertUncorrelated([.. values.Select(x => (x * x - 1) / Math.Sqrt(2))]);
    }

    [Theory, MemberData(nameof(Noises), DisableDiscoveryEnumeration = true)]
    public void BernoulliInPlace_Frequencies_AreTheProbabilities(INoise noise)
    {
        float[] logits = [-4, -3, -1, -0.2f, 0, 0.5f, 2, 4];
        for (var k = 0; k < logits.Length; k++)
        {
            var p = 1 / (1 + Math.Exp(-logits[k]));
            var site = Site with { Draw = (uint)k };
            var values = Draw(target =>
            {
                using var bias = full(Columns, 0.25f);
                target.fill_(logits[k] - 0.25f);
                noise.BernoulliInPlace(target, bias, site);
            });

            Assert.InRange(Moments.Z(values, p, p * (1 - p)), -Bound, Bound);
            AssertUncorrelated([.. values.Select(x => (x - p) / Math.Sqrt(p * (1 - p)))]);
        }
    }

    /// <summary>
    /// Products with the neighbour 1 and 16 columns on (the two halves of a Box-Muller pair) and one row on.
    /// </summary>
    private static void AssertUncorrelated(double[] standardised)
    {
        foreach (var lag in (int[])[1, 16, Columns])
        {
            var products = Enumerable.Range(0, standardised.Length - lag)
                .Select(i => standardised[i] * standardised[i + lag]);
            Assert.InRange(Moments.Z(products, 0, 1), -Bound, Bound);
        }
    }

    private static double[] Draw(Action<Tensor> fill)
    {
        using var target = empty(Rows, Columns);
        fill(target);
        return [.. target.data<float>().ToArray().Select(x => (double)x)];
    }
}
