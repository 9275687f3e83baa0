using CsCheck;
using Ebm.Core.Plans;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Plans;

public sealed class RunPlanTests
{
    private static readonly RunSpec Spec = new()
    {
        Name = "small",
        Data = new IdxDataSpec { Path = "train.gz", Binarise = Binarise.Sample },
        Energy = new RbmSpec { Hidden = 16 },
        Sampler = new GibbsSpec(),
        Negatives = new NegativesSpec { Chains = 128 },
        Learning = new LearningSpec { Rounds = 100 },
    };

    [Fact]
    public void For_AnyChainsSlotsAndShards_CoversEachOnceInCompleteBlocks() =>
        (from chains in Gen.Int[1, 5000]
         from more in Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 100_000])
         from shards in Gen.Int[0, RowBlocks.Count(chains)]
         select (chains, slots: chains + more, shards)).Sample(given =>
        {
            var plan = RunPlan.For(
                Spec with { Negatives = new() { Chains = given.chains, Slots = given.slots, Shards = given.shards } },
                1000);

            Assert.Equal(given.shards == 0 ? Math.Min(plan.Blocks, 8) : given.shards, plan.Shards.Count);
            var (chain, slot) = (0, 0);
            foreach (var (shard, index) in plan.Shards.Select((s, i) => (s, i)))
            {
                Assert.Equal((index, chain, slot), (shard.Index, shard.FirstChain, shard.FirstSlot));
                Assert.Equal(0, shard.FirstChain % RowBlocks.Size);
                Assert.Equal(shard.FirstChain / RowBlocks.Size, shard.FirstBlock);
                Assert.InRange(shard.Chains, 1, shard.Slots);
                chain += shard.Chains;
                slot += shard.Slots;
            }

            Assert.Equal((given.chains, given.slots), (chain, slot));
            Assert.Equal(plan.Blocks, plan.Shards.Sum(s => s.Blocks));
            Assert.True(plan.Shards.Max(s => s.Blocks) - plan.Shards.Min(s => s.Blocks) <= 1);
        });

    [Fact]
    public void For_LargestRunAllowed_DoesNotOverflow()
    {
        var plan = RunPlan.For(
            Spec with { Negatives = new() { Chains = 10_000_000, Slots = 100_000_000, Shards = 1000 } }, 60_000);

        Assert.Equal(10_000_000, plan.Shards.Sum(s => s.Chains));
        Assert.Equal(100_000_000, plan.Shards.Sum(s => s.Slots));
        Assert.All(plan.Shards, s => Assert.InRange(s.Slots, s.Chains, 20 * s.Chains));
    }

    [Theory]
    [InlineData(10, 60_000, 128, 4688)]
    [InlineData(50, 60_000, 100, 30_000)]
    [InlineData(0.07, 100, 1, 7)]
    [InlineData(1e-300, 100, 1, 1)]
    [InlineData(1, 1, 64, 1)]
    public void For_Epochs_CountsRoundsExactly(double epochs, int rows, int batch, int rounds) => Assert.Equal(
        rounds, RunPlan.For(Spec with { Learning = new() { Epochs = epochs, Batch = batch } }, rows).Rounds);

    [Fact]
    public void For_ImpossibleEpochs_ReportsTheReason()
    {
        var many = Assert.Throws<InputException>(
            () => RunPlan.For(Spec with { Learning = new() { Epochs = 1e6, Batch = 1 } }, 1_000_000));
        var warm = Assert.Throws<InputException>(
            () => RunPlan.For(Spec with { Learning = new() { Epochs = 2, Warmup = 3 } }, 64));

        Assert.Contains("expected at most 2147483647", many.Message, StringComparison.Ordinal);
        Assert.Contains(
            "learning.warmup: expected at most the number of rounds (2,", warm.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsDue_EveryAndLast_AreThoseRoundsOnly()
    {
        var spec = Spec with
        {
            Learning = new() { Rounds = 10 },
            Output = new() { CheckpointEvery = 4, MetricsEvery = 3, SamplesEvery = 0 },
            Evaluation = new() { Every = 5 },
        };
        var plan = RunPlan.For(spec, 1000);
        int[] Rounds(Func<int, bool> due) => [.. Enumerable.Range(-1, 15).Where(due)];

        Assert.Equal([4, 8, 10], Rounds(plan.IsCheckpoint));
        Assert.Equal([3, 6, 9, 10], Rounds(plan.IsMetricsRound));
        Assert.Equal([10], Rounds(plan.IsSampleRound));
        Assert.Equal([5, 10], Rounds(plan.IsEvaluationRound));
    }

    [Fact]
    public void For_Encoding_IsResolved()
    {
        var given = Spec with { Negatives = Spec.Negatives with { Encoding = StateEncoding.Float32 } };
        var real = Spec with { Energy = new GaussianRbmSpec { Hidden = 4 } };

        Assert.Equal(
            [StateEncoding.Bits, StateEncoding.Float32, StateEncoding.Float32],
            new[] { Spec, given, real }.Select(spec => RunPlan.For(spec, 10).Encoding));
    }

    [Fact]
    public void For_NoSlots_HasOneAChain()
    {
        var plan = RunPlan.For(Spec, 10);

        Assert.Equal((128, 2), (plan.Slots, plan.Shards.Count));
    }
}
