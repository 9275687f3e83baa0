using Ebm.Core.Spec;

namespace Ebm.Core.Learning;

/// <summary>Learning rate of each round, counted from 1: base rate times schedule times warm-up.</summary>
internal sealed class RateSchedule(LearningSpec learning, long rounds)
{
    /// <summary>The rate of a round, from 1 to the number of rounds.</summary>
    public double At(long round)
    {
        var rate = learning.Optimiser.Rate * Factor(round);
        return round < learning.Warmup ? rate * round / learning.Warmup : rate;
    }

    private double Factor(long round) => learning.Schedule switch
    {
        ConstantScheduleSpec => 1,
        LinearScheduleSpec linear when rounds > 1 =>
            1 - (1 - linear.Final) * Math.Min(round - 1, rounds - 1) / (rounds - 1),
        LinearScheduleSpec => 1,
        StepScheduleSpec step => Math.Pow(step.Factor, (round - 1) / step.Every),
        _ => throw new InvalidOperationException($"Unknown schedule {learning.Schedule.GetType().Name}."),
    };
}
