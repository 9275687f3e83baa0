using System.Numerics;
using Ebm.Core.Plans;
using Ebm.Core.Spec;

namespace Ebm.Core.Replay;

/// <summary>
/// Ages of a run's replay slots after a round, in rounds. The spec determines the slots that a round writes and the
/// chains that it reinitialises (<see cref="SlotDraw"/>), so no shard is queried.
/// </summary>
/// <param name="Round">The round.</param>
/// <param name="Slots">Number of slots that were examined.</param>
/// <param name="Window">Number of past rounds that were examined.</param>
/// <param name="Written">Histogram of rounds since a slot was written, in bins 0, 1, 2 to 3, 4 to 7, and so on.</param>
/// <param name="Fresh">Histogram of rounds since a slot's chain was initialised, in the same bins.</param>
/// <param name="WrittenBefore">Slots last written before the window.</param>
/// <param name="FreshBefore">Slots whose chain was initialised before the window.</param>
internal sealed record SlotAges(
    long Round, int Slots, long Window, int[] Written, int[] Fresh, int WrittenBefore, int FreshBefore)
{
    /// <summary>Largest number of slots to examine; shards are examined as a whole.</summary>
    public const int MostSlots = 1 << 22;

    // Limits of the examined draws and rounds: enough to cover most slots, in well under a second.
    private const int MostDraws = 1 << 21, MostRounds = 1 << 14;

    /// <summary>
    /// The ages after a round; null if chains do not start from slots, or if a shard has too many slots.
    /// </summary>
    /// <param name="spec">The run's spec.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="attemptBase">The round that the attempt starts from; earlier rounds are not examined.</param>
    /// <param name="round">The round, at least <paramref name="attemptBase"/>.</param>
    public static SlotAges? Of(RunSpec spec, RunPlan plan, int attempt, long attemptBase, long round)
    {
        var room = MostSlots;
        var shards = plan.Shards.TakeWhile(shard => (room -= shard.Slots) >= 0).ToArray();
        if (spec.Negatives.Start != ChainStart.Buffer || shards.Length == 0)
        {
            return null;
        }

        var window = Math.Min(round - attemptBase, Math.Clamp(MostDraws / shards.Sum(s => s.Chains), 1, MostRounds));
        var (written, fresh) = (new int[65], new int[65]);
        var (writtenBefore, freshBefore) = (0, 0);
        foreach (var shard in shards)
        {
            var ages = new ShardAges(shard.Slots);
            for (var r = round; r > round - window && !ages.AreKnown; r--)
            {
                ages.Add(SlotDraw.For(spec, shard, attempt, r), round - r);
            }

            if (round == window)
            {
                // The complete run was examined: the remaining slots are as initialised, before round 1.
                ages.AddRest(round);
            }

            writtenBefore += Count(ages.Written, written);
            freshBefore += Count(ages.Fresh, fresh);
        }

        return new SlotAges(
            round, shards.Sum(s => s.Slots), window, Trimmed(written), Trimmed(fresh), writtenBefore, freshBefore);
    }

    private static int Count(long[] ages, int[] bins)
    {
        var before = 0;
        foreach (var age in ages)
        {
            if (age == ShardAges.Unknown)
            {
                before++;
            }
            else
            {
                bins[64 - BitOperations.LeadingZeroCount((ulong)age)]++;
            }
        }

        return before;
    }

    private static int[] Trimmed(int[] bins) => bins[..(Array.FindLastIndex(bins, count => count > 0) + 1)];

    /// <summary>Ages of a shard's slots, collected from the latest round backwards.</summary>
    private sealed class ShardAges(int slots)
    {
        public const long Unknown = -1;

        private int _unknown = 2 * slots;

        public long[] Written { get; } = New(slots);

        public long[] Fresh { get; } = New(slots);

        public bool AreKnown => _unknown == 0;

        public void Add(SlotDraw draw, long age)
        {
            for (var i = 0; i < draw.Slots.Length; i++)
            {
                SetOnce(Written, draw.Slots[i], age);
                if (draw.Restart[i])
                {
                    SetOnce(Fresh, draw.Slots[i], age);
                }
            }
        }

        public void AddRest(long age)
        {
            for (var slot = 0; slot < Written.Length; slot++)
            {
                SetOnce(Written, slot, age);
                SetOnce(Fresh, slot, age);
            }
        }

        private void SetOnce(long[] ages, int slot, long age)
        {
            if (ages[slot] == Unknown)
            {
                ages[slot] = age;
                _unknown--;
            }
        }

        private static long[] New(int slots)
        {
            var ages = new long[slots];
            Array.Fill(ages, Unknown);
            return ages;
        }
    }
}
