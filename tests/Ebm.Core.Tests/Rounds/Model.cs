using Ebm.Core.Recovery;
using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

/// <summary>The arithmetic of a run as hash chains, and what it gives when nothing ever fails.</summary>
internal sealed class Model
{
    private const int LastAttempt = 4;

    public Model(RoundPlan plan, ulong seed)
    {
        (Plan, Seed) = (plan, seed);
        Points = new RollbackPoints(plan.CheckpointEvery, proof: 1 + (long)(seed % 3)) { Outcomes = plan.Outcomes };
        var slots = InitialSlots();
        var kept = new Dictionary<long, ulong[]> { [0] = slots };
        var versions = new Dictionary<long, ulong> { [0] = Initial };
        var rollbacks = new List<RollbackRecord>();
        int attempt = 0;
        long attemptBase = 0, round = 0;
        Bases[0] = 0;
        while (round < plan.Rounds && !EndsAt(attempt, attemptBase, round))
        {
            round++;
            var sampled = versions[Math.Max(attemptBase, round - 1 - plan.Lag)];
            var negatives = slots.Select((s, shard) => Negatives(shard, s, sampled, attempt, round)).ToArray();
            slots = [.. negatives.Select(n => Slots(n))];
            versions[round] = Parameters[(attempt, round)] = Update(versions[round - 1], negatives, attempt, round);
            if (Diverges(versions[round], attempt))
            {
                round = attemptBase = Points.Target(round, attemptBase, rollbacks);
                rollbacks.Add(BackTo(round, ++attempt));
                slots = kept[round];
                Bases[attempt] = round;
                continue;
            }

            if (plan.IsScheduled(round))
            {
                kept[round] = slots;
            }
        }

        (FinalAttempt, FinalRound, FinalSlots) = (attempt, round, slots);
    }

    public RoundPlan Plan { get; }

    public ulong Seed { get; }

    /// <summary>Where the run may go back to.</summary>
    public RollbackPoints Points { get; }

    public ulong Initial => Hash.Of(Seed);

    /// <summary>Parameters by attempt and round.</summary>
    public Dictionary<(int Attempt, long Round), ulong> Parameters { get; } = [];

    /// <summary>Where each attempt started.</summary>
    public Dictionary<int, long> Bases { get; } = [];

    public int FinalAttempt { get; }

    /// <summary>The last round, or the one at which an outcome ended the run.</summary>
    public long FinalRound { get; }

    public ulong[] FinalSlots { get; }

    public ulong[] InitialSlots() => [.. Enumerable.Range(0, Plan.Shards).Select(shard => Hash.Of(Seed, (ulong)shard))];

    public static ulong Negatives(int shard, ulong slots, ulong parameters, int attempt, long round) =>
        Hash.Of((ulong)shard, slots, parameters, (ulong)attempt, (ulong)round);

    public static ulong Slots(ulong negatives) => Hash.Of(negatives);

    public static ulong Update(ulong parameters, ulong[] negatives, int attempt, long round) =>
        Hash.Of([parameters, (ulong)attempt, (ulong)round, .. negatives]);

    /// <summary>The outcome of an evaluation says that the run ends: few do.</summary>
    public static bool Ends(ulong parameters) => Hash.Of(parameters, 77) % 4 == 0;

    /// <summary>A metric of the round shows divergence: a few rounds do, in the first attempts.</summary>
    public static bool Diverges(ulong parameters, int attempt) => attempt < LastAttempt && parameters % 16 == 0;

    public static RollbackRecord BackTo(long round, int attempt) =>
        new(attempt, round, new LimitViolation(0, ViolationKind.Lead, "", 0, 0), 0);

    private bool EndsAt(int attempt, long attemptBase, long round) =>
        Plan.Outcomes.DueBefore(round, attemptBase) is { } evaluated && evaluated + Plan.Outcomes.Delay == round
        && Ends(Parameters[(attempt, evaluated)]);
}
