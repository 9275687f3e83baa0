using CsCheck;
using Ebm.Core.Datasets;
using Ebm.Core.Learning;
using Ebm.Core.Native;
using Ebm.Core.Plans;
using Ebm.Core.Randomness;
using Ebm.Core.Replay;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Tests.Learning;

public sealed class ChainClassesTests
{
    private static readonly int[] Train = [.. Enumerable.Range(0, 100).Select(i => i < 55 ? 0 : i < 90 ? 2 : 1)];

    public ChainClassesTests() => TorchLibrary.EnsureLoaded();

    [Fact]
    public void Spread_OfAnyShares_HasThemInEveryBeginning() =>
        Gen.Select(Gen.Int[1, 1000].Array[1, 12], Gen.Int[0, 400]).Sample((counts, length) =>
        {
            var labels = new ClassFrequencies(counts).Spread(length);
            var given = new int[counts.Length];
            for (var i = 0; i < length; i++)
            {
                given[labels[i]]++;
                Assert.All(given, (n, y) => Assert.True(n > 0 || i < counts.Length - 1));

                // One of each comes first; from then on nobody runs ahead of the share by more than one.
                Assert.All(given, (n, y) => Assert.True(n <= Math.Max(1, (counts[y] * (i + 1.0) / counts.Sum()) + 1)));
            }
        });

    [Fact]
    public void OfRound_FromSlots_GivesEachSlotItsClassForEver()
    {
        var classes = Of(
            new NegativesSpec { Chains = 200, Slots = 700, Shards = 3, Reinitialise = 0.5 }, out var spec,
            out var plan);
        var ofSlots = new Dictionary<int, int>();
        for (var round = 1; round <= 20; round++)
        {
            var labels = classes.OfRound(new RoundKeys(spec.Seed, 0, round), []);
            foreach (var shard in plan.Shards)
            {
                var draw = SlotDraw.For(spec, shard, 0, round);
                Assert.Equal(
                    labels[shard.FirstChain..(shard.FirstChain + shard.Chains)], classes.OfShard(shard, draw, []));
                for (var i = 0; i < shard.Chains; i++)
                {
                    var slot = shard.FirstSlot + draw.Slots[i];
                    Assert.Equal(
                        labels[shard.FirstChain + i],
                        ofSlots.TryAdd(slot, labels[shard.FirstChain + i])
                        ? labels[shard.FirstChain + i]
                        : ofSlots[slot]);
                }
            }
        }
    }

    [Fact]
    public void OfRound_FromData_IsTheClassOfTheChainsRow()
    {
        var classes = Of(new NegativesSpec { Chains = 5, Start = ChainStart.Data }, out _, out _);

        Assert.Equal([0, 2, 1, 0, 2], classes.OfRound(new RoundKeys(0, 0, 1), [3, 60, 99]));
        Assert.Null(classes.Of([0, 1], CPU).Weights);
    }

    /// <summary>
    /// Seven slots for three classes cannot have their shares; weights make up for it, exactly over all slots.
    /// </summary>
    [Theory]
    [InlineData(7, 0, 1)]
    [InlineData(200, 700, 3)]
    public void Of_TheWeights_GiveEachClassItsShareOfTheData(int chains, int slots, int shards)
    {
        var classes = Of(
            new NegativesSpec { Chains = chains, Slots = slots, Shards = shards }, out var spec, out var plan);
        using var scope = NewDisposeScope();
        var shares = new double[3];
        const int Rounds = 4000;
        var weights = classes.Of([0, 1, 2], CPU).Weights!.data<float>().ToArray();
        for (var round = 1; round <= (slots == 0 ? 1 : Rounds); round++)
        {
            foreach (var label in classes.OfRound(new RoundKeys(spec.Seed, 0, round), []))
            {
                shares[label] += weights[label] / plan.Chains / (slots == 0 ? 1 : Rounds);
            }
        }

        // 200 chains over 4,000 rounds: the standard error is below 0.0005, 8 of them are 0.004.
        Assert.All(shares.Zip([0.55, 0.10, 0.35]), s => Assert.Equal(s.Second, s.First, slots == 0 ? 1e-6 : 4e-3));
    }

    private static ChainClasses Of(NegativesSpec negatives, out RunSpec spec, out RunPlan plan)
    {
        spec = new RunSpec
        {
            Name = "classes",
            Data = new CsvDataSpec { Path = "none" },
            Energy = new MlpSpec { Hidden = [2], Classes = 3 },
            Sampler = new LangevinSpec(),
            Negatives = negatives,
            Learning = new LearningSpec { Rounds = 1 },
        };
        plan = RunPlan.For(spec, Train.Length);
        using var rows = zeros(Train.Length, 1);
        return ChainClasses.For(spec, plan, new DataRows(rows.alias(), 1, 0, Train, null))!;
    }
}
