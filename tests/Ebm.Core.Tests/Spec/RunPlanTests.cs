using CsCheck;
using Ebm.Configuration.Reading;
using Ebm.Core.Plans;
using Ebm.Core.Spec;

namespace Ebm.Core.Tests.Spec;

public sealed class RunPlanTests
{
    private static RunSpec Spec(params string[] overrides) => SpecFile.Parse(SpecTexts.Rbm, "spec.yaml", overrides);

    private static RunPlan Plan(int rows, params string[] overrides) => RunPlan.For(Spec(overrides), rows);

    [Fact]
    public void For_AnyChainsSlotsAndShards_CoversEachOnceInWholeBlocks() =>
        (from chains in Gen.Int[1, 5000]
         from more in Gen.OneOf(Gen.Int[0, 3], Gen.Int[0, 100_000])
         from shards in Gen.Int[0, RowBlocks.Of(chains)]
         select (chains, slots: chains + more, shards)).Sample(given =>
        {
            var spec = Spec();
            var plan = RunPlan.For(
                spec with { Negatives = new() { Chains = given.chains, Slots = given.slots, Shards = given.shards } },
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
        var plan = Plan(60_000, "negatives={chains: 10000000, slots: 100000000, shards: 1000}");

        Assert.Equal(10_000_000, plan.Shards.Sum(s => s.Chains));
        Assert.Equal(100_000_000, plan.Shards.Sum(s => s.Slots));
        Assert.All(plan.Shards, s => Assert.InRange(s.Slots, s.Chains, 20 * s.Chains));
    }

    [Theory]
    [InlineData("10", 60_000, 128, 4688)]
    [InlineData("50", 60_000, 100, 30_000)]
    [InlineData("0.07", 100, 1, 7)]
    [InlineData("1e-300", 100, 1, 1)]
    [InlineData("1", 1, 64, 1)]
    public void For_Epochs_CountsRoundsExactly(string epochs, int rows, int batch, int rounds) =>
        Assert.Equal(rounds, Plan(
            rows, "learning.rounds=null", $"learning.epochs={epochs}", $"learning.batch={batch}").Rounds);

    [Fact]
    public void For_EpochsThatCannotBe_SaysWhy()
    {
        var many = Assert.Throws<InputException>(
            () => Plan(1_000_000, "learning.rounds=", "learning.epochs=1e6", "learning.batch=1"));
        var warm = Assert.Throws<InputException>(
            () => Plan(64, "learning.rounds=", "learning.epochs=2", "learning.warmup=3"));

        Assert.Contains("expected at most 2147483647", many.Message, StringComparison.Ordinal);
        Assert.Contains(
            "learning.warmup: expected at most the number of rounds (2,", warm.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsDue_EveryAndLast_AreThoseRoundsOnly()
    {
        var plan = Plan(
            1000, "learning.rounds=10", "output={checkpointEvery: 4, metricsEvery: 3, samplesEvery: 0}",
            "evaluation.every=5");
        int[] Rounds(Func<int, bool> due) => [.. Enumerable.Range(-1, 15).Where(due)];

        Assert.Equal([4, 8, 10], Rounds(plan.IsCheckpoint));
        Assert.Equal([3, 6, 9, 10], Rounds(plan.IsMetricsRound));
        Assert.Equal([10], Rounds(plan.IsSampleRound));
        Assert.Equal([5, 10], Rounds(plan.IsEvaluationRound));
    }

    [Theory]
    [InlineData(StateEncoding.Bits, "negatives.encoding=auto")]
    [InlineData(StateEncoding.Float32, "negatives.encoding=float32")]
    [InlineData(StateEncoding.Float32, "energy={kind: gaussian-rbm, hidden: 4}")]
    public void For_Encoding_IsResolved(StateEncoding expected, string option) =>
        Assert.Equal(expected, Plan(10, option).Encoding);

    [Fact]
    public void For_NoSlots_HasOneAChain() => Assert.Equal((128, 2), (Plan(10).Slots, Plan(10).Shards.Count));
}
