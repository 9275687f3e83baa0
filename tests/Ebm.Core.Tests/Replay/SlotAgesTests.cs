using CsCheck;
using Ebm.Core.Plans;
using Ebm.Core.Replay;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Replay;

public sealed class SlotAgesTests
{
    [Fact]
    public void Of_ARoundOfARun_IsTheSequenceOfItsRounds() =>
        Gen.Select(Gen.ULong, Gen.Int[64, 200], Gen.Int[0, 300], Gen.Int[0, 90], Gen.Double[0, 0.3])
            .Sample((seed, chains, more, rounds, restart) =>
            {
                var spec = Spec(seed, chains, chains + more, restart);
                var plan = RunPlan.For(spec, 100);
                var (written, fresh) = (new long[chains + more], new long[chains + more]);
                for (var round = 1; round <= rounds; round++)
                {
                    foreach (var shard in plan.Shards)
                    {
                        var draw = SlotDraw.For(spec, shard, 0, round);
                        for (var i = 0; i < draw.Slots.Length; i++)
                        {
                            var slot = shard.FirstSlot + draw.Slots[i];
                            written[slot] = round;
                            fresh[slot] = draw.Restart[i] ? round : fresh[slot];
                        }
                    }
                }

                var ages = SlotAges.Of(spec, plan, 0, 0, rounds)!;
                return ages.Slots == chains + more && ages is { WrittenBefore: 0, FreshBefore: 0 }
                    && Binned(written.Select(at => rounds - at)).SequenceEqual(ages.Written)
                    && Binned(fresh.Select(at => rounds - at)).SequenceEqual(ages.Fresh);
            }, iter: 200);

    [Fact]
    public void Of_ALaterAttempt_UsesNoRoundBeforeItsStart()
    {
        var spec = Spec(3, 64, 640, 0);
        var ages = SlotAges.Of(spec, RunPlan.For(spec, 100), 1, 1000, 1002)!;

        Assert.Equal((2, 640), (ages.Window, ages.Slots));
        Assert.Equal((64, 64), (ages.Written[0], 640 - ages.WrittenBefore - ages.Written[1]));
        Assert.Equal((640, 0), (ages.FreshBefore, ages.Fresh.Length));
    }

    [Fact]
    public void Of_ALongRunOfManySlots_IsBounded()
    {
        var spec = Spec(3, 4096, 1_000_000, 0.05);
        var ages = SlotAges.Of(spec, RunPlan.For(spec, 100), 0, 0, 1_000_000)!;

        Assert.Equal(512, ages.Window);
        Assert.Equal(1_000_000, ages.Written.Sum() + ages.WrittenBefore);
        Assert.Equal(1_000_000, ages.Fresh.Sum() + ages.FreshBefore);
    }

    [Fact]
    public void Of_ChainsThatStartAtTheData_IsNothing()
    {
        var spec = Spec(3, 64, 64, 0);
        spec = spec with { Negatives = spec.Negatives with { Start = ChainStart.Data } };

        Assert.Null(SlotAges.Of(spec, RunPlan.For(spec, 100), 0, 0, 5));
    }

    private static int[] Binned(IEnumerable<long> ages)
    {
        var bins = ages.GroupBy(age => age == 0 ? 0 : (int)Math.Log2(age) + 1).ToDictionary(g => g.Key, g => g.Count());
        return [.. Enumerable.Range(0, bins.Keys.Max() + 1).Select(bin => bins.GetValueOrDefault(bin))];
    }

    private static RunSpec Spec(ulong seed, int chains, int slots, double reinitialise) =>
        new()
        {
            Name = "a",
            Seed = seed,
            Data = new ToyDataSpec { Density = ToyDensity.TwoMoons },
            Energy = new MlpSpec { Hidden = [8] },
            Sampler = new LangevinSpec { StepSize = 0.01, Noise = 0.1, Range = [-4, 4] },
            Negatives = new NegativesSpec { Chains = chains, Slots = slots, Reinitialise = reinitialise },
            Learning = new LearningSpec { Rounds = 1_000_000, Batch = 64 },
        };
}
