using Ebm.Core.Plans;
using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

public sealed class SimulationTests
{
    // The rarest broken rule shows in one schedule of 4,000.
    private const int Schedules = 60_000, StormySteps = 600;

    private static RoundPlan Plan(ulong seed) =>
        new(Shards: 1 + (int)(seed % 4), Rounds: 12, Lag: (int)(seed / 4 % 4), CheckpointEvery: (long)(seed / 16 % 5))
        {
            // Of every other schedule each checkpoint, or every second one, is evaluated, with any delay.
            Outcomes = seed / 80 % 2 == 0
                ? OutcomePlan.None
                : Outcomes((long)(seed / 16 % 5) * (1 + (long)(seed / 160 % 2)), seed),
        };

    private static OutcomePlan Outcomes(long every, ulong seed) =>
        every == 0 ? OutcomePlan.None : new OutcomePlan(every, 1 + (long)(seed / 320 % (ulong)every), 12);

    /// <summary>
    /// Under any loss, duplication, delay or death, each round is applied once and in order (I2), from negatives of
    /// exactly the version due (I3), no replaced writer writes (I4), and the end is that of an undisturbed run (I5),
    /// also where it is the outcome of an evaluation that ends it.
    /// </summary>
    [Fact]
    public void Run_UnderFailures_KeepsEveryInvariant()
    {
        int takeovers = 0, rollbacks = 0, detours = 0, ended = 0;
        for (ulong seed = 0; seed < Schedules; seed++)
        {
            try
            {
                var simulation = new Simulation(new Model(Plan(seed), seed), seed);
                simulation.Run(StormySteps);
                takeovers += simulation.Takeovers;
                rollbacks += simulation.Rollbacks;
                detours += simulation.Detours;
                ended += simulation.Model.FinalRound < 12 ? 1 : 0;
            }
            catch (Exception e) when (e is ViolationException or InvalidOperationException or KeyNotFoundException)
            {
                Assert.Fail($"Schedule {seed}, {Plan(seed)}: {e.Message}");
            }
        }

        // The storm is one: otherwise this test says nothing.
        Assert.True(
            takeovers > Schedules && rollbacks > Schedules / 4 && detours > Schedules / 100 && ended > Schedules / 10,
            $"{takeovers} takeovers, {rollbacks} rollbacks, {detours} times a lost checkpoint made again, "
                + $"{ended} ended by an outcome");
    }

    /// <summary>The simulation is able to notice: with a rule broken, some schedule violates an invariant.</summary>
    [Theory]
    [InlineData(Fault.StaleEpochsAccepted, "I4")]
    [InlineData(Fault.RepeatedCommitsAccepted, "differ")]
    [InlineData(Fault.RewindLeavesSlots, "differ")]
    [InlineData(Fault.NewestVersionSampled, "does not finish")]
    [InlineData(Fault.NoRewind, "does not finish")]
    [InlineData(Fault.StaleCheckpointsAccepted, "I4")]
    [InlineData(Fault.CheckpointWithoutLaggedVersions, "I3")]
    [InlineData(Fault.OutcomesNotWaitedFor, "beyond its end")]
    [InlineData(Fault.PendingOutcomesForgotten, "does not finish")]
    [InlineData(Fault.RollbackToAnyCheckpoint, "differs")]
    public void Run_WithARuleBroken_IsNoticed(Fault fault, string expected)
    {
        for (ulong seed = 0; seed < Schedules; seed++)
        {
            try
            {
                new Simulation(new Model(Plan(seed), seed), seed, fault).Run(StormySteps);
            }
            catch (Exception e) when (e is ViolationException or InvalidOperationException or KeyNotFoundException)
            {
                if (e.Message.Contains(expected, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }

        Assert.Fail($"No schedule noticed {fault}.");
    }
}
