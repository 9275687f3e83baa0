using Ebm.Core.Plans;

namespace Ebm.Core.Tests.Plans;

public sealed class OutcomePlanTests
{
    private static readonly OutcomePlan Plan = new(Every: 10, Delay: 6, Rounds: 50);

    [Theory]
    [InlineData(9, 0, new long[0])]
    [InlineData(10, 0, new long[] { 10 })]
    [InlineData(16, 0, new long[] { 10 })]
    [InlineData(17, 0, new long[0])]
    [InlineData(26, 20, new long[0])]
    [InlineData(50, 0, new long[0])]
    public void PendingAt_AVersion_AreTheRoundsWhoseOutcomeItDoesNotContain(
        long version, long attemptBase, long[] expected) =>
        Assert.Equal(expected, Plan.PendingAt(version, attemptBase));

    /// <summary>At the round at which one outcome acts the next round may be evaluated.</summary>
    [Fact]
    public void PendingAt_WithTheLongestDelay_AreTwo() =>
        Assert.Equal([10, 20], (Plan with { Delay = 10 }).PendingAt(20, 0));

    [Theory]
    [InlineData(15, 0, null)]
    [InlineData(16, 0, 10L)]
    [InlineData(25, 0, 10L)]
    [InlineData(26, 20, null)]
    [InlineData(36, 20, 30L)]
    [InlineData(50, 0, 40L)]
    public void DueBefore_ARound_IsTheNewestThatActsByThen(long round, long attemptBase, long? expected) =>
        Assert.Equal(expected, Plan.DueBefore(round, attemptBase));

    [Fact]
    public void IsEvaluated_OfTheBaseAndTheLastRound_IsNot()
    {
        Assert.True(Plan.IsEvaluated(30, 20));
        Assert.False(Plan.IsEvaluated(30, 30));
        Assert.False(Plan.IsEvaluated(35, 20));
        Assert.False(Plan.IsEvaluated(50, 20));
        Assert.False(OutcomePlan.None.IsEvaluated(10, 0));
    }
}
