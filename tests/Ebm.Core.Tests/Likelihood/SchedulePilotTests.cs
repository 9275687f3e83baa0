using Ebm.Core.Likelihood;

namespace Ebm.Core.Tests.Likelihood;

public sealed class SchedulePilotTests
{
    [Fact]
    public void Schedule_OfEqualGrowth_IsTheStagedOne()
    {
        var schedule = new PilotReport([.. Enumerable.Repeat(2.0, 25)], []).BuildSchedule(1000);

        Assert.Equal(
            AnnealingSchedule.Staged(1000).Temperatures, schedule.Temperatures, (a, b) => Math.Abs(a - b) < 1e-7);
    }

    [Fact]
    public void Schedule_WhereWeightsDriftApart_HasMoreSteps()
    {
        double[] growth = [.. Enumerable.Range(0, 25).Select(i => i == 12 ? 100.0 : 1.0)];
        var schedule = new PilotReport(growth, []).BuildSchedule(10000);

        // Stretch 12 gets a fifth of the equal share and four fifths of 10 / (10 + 24).
        var inside = schedule.Temperatures.Count(t => t >= AnnealingSchedule.Staged(25).Temperatures[12]
            && t < AnnealingSchedule.Staged(25).Temperatures[13]);
        Assert.InRange(inside, 2415, 2450);
        Assert.Equal((0, 1), (schedule.Temperatures[0], schedule.Temperatures[^1]));
        Assert.Equal(schedule.Temperatures.Order(), schedule.Temperatures);
        Assert.Equal(schedule.Temperatures.Reverse(), schedule.Back().Temperatures);
    }

    [Fact]
    public void Schedule_WithTunings_NamesThoseOfThePilotAtTheSamePlace()
    {
        var schedule = new PilotReport([1, 1], [[1], [2], [3], [4]]).BuildSchedule(6);

        Assert.Equal(1, schedule.Change(1).Tuning[0]);
        Assert.Equal(4, schedule.Change(6).Tuning[0]);
        Assert.Equal(4, schedule.Back().Tunings[0][0]);
    }

    [Fact]
    public void Schedule_WithoutAnyGrowth_IsStillOne() =>
        Assert.Equal(
            AnnealingSchedule.Staged(10).Temperatures,
            new PilotReport([0, 0, 0, 0, 0], []).BuildSchedule(10).Temperatures,
            (a, b) => Math.Abs(a - b) < 1e-7);
}
