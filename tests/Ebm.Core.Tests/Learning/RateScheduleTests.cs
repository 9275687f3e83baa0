using Ebm.Core.Learning;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Learning;

public sealed class RateScheduleTests
{
    private static RateSchedule Schedule(ScheduleSpec schedule, int warmup = 0, long rounds = 101) =>
        new(new LearningSpec { Optimiser = new SgdSpec { Rate = 0.5 }, Schedule = schedule, Warmup = warmup }, rounds);

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(51, 0.3)]
    [InlineData(101, 0.1)]
    public void At_Linear_FallsFromTheFullRateToItsFinalShare(long round, double expected) =>
        Assert.Equal(expected, Schedule(new LinearScheduleSpec { Final = 0.2 }).At(round), 12);

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(10, 0.5)]
    [InlineData(11, 0.05)]
    [InlineData(21, 0.005)]
    public void At_Step_ChangesAfterEveryTenRounds(long round, double expected) =>
        Assert.Equal(expected, Schedule(new StepScheduleSpec { Every = 10, Factor = 0.1 }).At(round), 12);

    [Theory]
    [InlineData(1, 0.125)]
    [InlineData(3, 0.375)]
    [InlineData(4, 0.5)]
    [InlineData(99, 0.5)]
    public void At_WarmUp_RisesLinearlyToTheFullRate(long round, double expected) =>
        Assert.Equal(expected, Schedule(new ConstantScheduleSpec(), warmup: 4).At(round), 12);

    [Fact]
    public void At_WarmUpOfALinearSchedule_Multiplies() =>
        Assert.Equal(
            0.5 * (1 - 0.8 * 2 / 100) * 3 / 4, Schedule(new LinearScheduleSpec { Final = 0.2 }, warmup: 4).At(3), 12);

    [Fact]
    public void At_LinearOverOneRound_IsTheFullRate() =>
        Assert.Equal(0.5, Schedule(new LinearScheduleSpec(), rounds: 1).At(1));
}
