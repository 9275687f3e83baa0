using CsCheck;
using Ebm.Core.Evaluation;

namespace Ebm.Core.Tests.Evaluation;

public sealed class OutOfDistributionTests
{
    /// <summary>Scores of few values, so that there are ties of every kind, and infinities.</summary>
    private static readonly Gen<float[]> Scores =
        Gen.Int[0, 7].Select(i => i == 0 ? float.NegativeInfinity : i == 7 ? float.PositiveInfinity : i).Array[1, 40];

    [Fact]
    public void Of_AnyScores_IsTheDefinition() => Gen.Select(Scores, Scores).Sample((inside, outside) =>
    {
        var found = OutOfDistribution.Of(inside, outside);

        var pairs = from x in inside from y in outside select y > x ? 1 : y == x ? 0.5 : 0.0;
        Assert.Equal(pairs.Average(), found.Auroc, 1e-12);

        var threshold = inside.Where(t => inside.Count(x => x <= t) >= 0.95 * inside.Length).Min();
        Assert.Equal(outside.Count(y => y <= threshold) / (double)outside.Length, found.Fpr95, 1e-12);
    });

    [Fact]
    public void Of_ScoresThatSeparateAll_IsOneAndZero()
    {
        Assert.Equal(new OutOfDistribution(1, 0), OutOfDistribution.Of([1, 2, 3], [4, 5]));
        Assert.Equal(new OutOfDistribution(0, 1), OutOfDistribution.Of([4, 5], [1, 2, 3]));
    }

    [Fact]
    public void Of_AScoreThatIsNoNumber_IsNoNumber()
    {
        var found = OutOfDistribution.Of([1, float.NaN], [2, 3]);

        Assert.True(double.IsNaN(found.Auroc) && double.IsNaN(found.Fpr95));
    }
}
