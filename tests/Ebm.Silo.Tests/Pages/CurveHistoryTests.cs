using Ebm.Core.Diagnostics;
using Ebm.Silo.Pages;

namespace Ebm.Silo.Tests.Pages;

public sealed class CurveHistoryTests
{
    [Fact]
    public void Add_FewRounds_KeepsThemAll() =>
        Assert.Equal([1, 2, 3, 7], Rounds(16, 1, 2, 3, 7));

    [Theory]
    [InlineData(17)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Add_ManyRounds_KeepsTheFirstTheLatestAndNoMoreThanItMay(int count)
    {
        var rounds = Rounds(16, [.. Enumerable.Range(1, count)]);

        Assert.Equal((1, count), (rounds[0], rounds[^1]));
        Assert.InRange(rounds.Count, 8, 16);
        Assert.Equal(rounds.Order().Distinct(), rounds);

        // No stretch is much emptier than the others.
        Assert.True(rounds.Zip(rounds.Skip(1), (a, b) => b - a).Max() <= Math.Max(2, 4 * count / 16));
    }

    [Fact]
    public void Add_ARoundThatIsComputedAgain_ForgetsLaterRounds() =>
        Assert.Equal([1, 2, 3], Rounds(16, 1, 2, 3, 4, 5, 3));

    private static List<int> Rounds(int capacity, params int[] rounds)
    {
        var history = new CurveHistory(capacity);
        foreach (var round in rounds)
        {
            history.Add(new RoundMetrics
            {
                Round = round, Attempt = 0, EnergyData = 0, EnergyNegatives = 0, GradientNorm = 1, ParameterNorm = 1,
                Rate = 1,
            });
        }

        return [.. history.Points.Select(p => (int)p.Round)];
    }
}
