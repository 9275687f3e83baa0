using CsCheck;
using Ebm.Core.Replay;

namespace Ebm.Core.Tests.Replay;

/// <summary>Statistical bounds are |z| below 5.5: a seed drawn at random fails one with probability 4e-8.</summary>
public sealed class SlotDrawTests
{
    private const double Bound = 5.5;

    [Fact]
    public void For_AsManySlotsAsChains_IsTheIdentity()
    {
        var drawn = SlotDraw.For(1, 0, 5, new(128, 64), new(128, 64), 0.1);

        Assert.Equal(Enumerable.Range(0, 64), drawn.Slots);
    }

    [Fact]
    public void For_MoreSlotsThanChains_IsDistinctSlotsOfTheShard() =>
        Gen.Select(Gen.ULong, Gen.Long[1, 1000], Gen.Int[0, 100], Gen.Int[0, 100]).Sample((seed, round, chains, more) =>
        {
            var drawn = SlotDraw.For(seed, 0, round, new(1000, chains + more), new(64, chains), 0.5);
            return drawn.Slots.Distinct().Count() == chains && drawn.Slots.All(s => s >= 0 && s < chains + more)
                && drawn.Restart.Length == chains;
        });

    /// <summary>Power above 0.99 if one slot in 40 is drawn 10 % more often than the others.</summary>
    [Fact]
    public void For_OverRounds_DrawsEverySlotEquallyOften()
    {
        var counts = new int[40];
        for (var round = 1; round <= 20_000; round++)
        {
            counts[SlotDraw.For(7, 0, round, new(40, 40), new(8, 1), 0).Slots[0]]++;
        }

        Assert.InRange(Randomness.Moments.ChiSquareZ(counts), -Bound, Bound);
    }

    /// <summary>Power above 0.99 if the share is 0.057 or 0.043 instead of 0.05.</summary>
    [Fact]
    public void For_ManyChains_RestartsTheShareThatIsAsked()
    {
        var restarts = SlotDraw.For(7, 0, 1, new(0, 100_000), new(0, 100_000), 0.05).Restart;

        Assert.InRange(Randomness.Moments.Z(restarts.Select(r => r ? 1.0 : 0), 0.05, 0.05 * 0.95), -Bound, Bound);
        Assert.All(SlotDraw.For(7, 0, 1, new(0, 1000), new(0, 1000), 0).Restart, Assert.False);
        Assert.All(SlotDraw.For(7, 0, 1, new(0, 1000), new(0, 1000), 1).Restart, Assert.True);
    }

    [Fact]
    public void For_AChainInShardsOfAnySize_RestartsInTheSameRounds()
    {
        var whole = SlotDraw.For(3, 1, 9, new(0, 256), new(0, 256), 0.5).Restart;
        var parts = new[] { 0u, 64u, 128u, 192u }.SelectMany(first =>
            SlotDraw.For(3, 1, 9, new(first, 64), new(first, 64), 0.5).Restart);

        Assert.Equal(whole, parts);
    }

    [Fact]
    public void For_AnotherSeedAttemptRoundOrShard_DrawsOtherSlots()
    {
        SlotDraw[] draws =
        [
            Draw(1, 0, 1, 0), Draw(2, 0, 1, 0), Draw(1, 1, 1, 0), Draw(1, 0, 2, 0), Draw(1, 0, 1, 1000),
        ];

        Assert.Equal(draws.Length, draws.Select(d => string.Join(',', d.Slots)).Distinct().Count());
        Assert.Equal(draws[0].Slots, Draw(1, 0, 1, 0).Slots);

        static SlotDraw Draw(ulong seed, int attempt, long round, uint first) =>
            SlotDraw.For(seed, attempt, round, new(first, 1000), new(0, 20), 0);
    }

    [Fact]
    public void For_MoreChainsThanSlots_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SlotDraw.For(1, 0, 1, new(0, 3), new(0, 4), 0));
}
