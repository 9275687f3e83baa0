using Ebm.Core.Plans;
using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

public sealed class ServerProtocolTests
{
    private static ServerProtocol Started(
        int lag = 0, long rounds = 10, long every = 4, long attemptBase = 0, long restored = 0, int shards = 2)
    {
        var server = ServerProtocol.Start(new RoundPlan(shards, rounds, lag, every), 3, 0, attemptBase, restored);
        Assert.Null(server.NextOrder());
        foreach (var shard in server.ToRewind.ToArray())
        {
            server.OnRewound(shard, 3);
        }

        return server;
    }

    private static AdvanceOrder Ask(ServerProtocol server)
    {
        var order = Assert.NotNull(server.NextOrder());
        foreach (var shard in server.ToAdvance.ToArray())
        {
            Assert.True(server.OnNegatives(shard, order));
        }

        return order;
    }

    private static ServerProtocol Evaluated(long delay, long restored = 0)
    {
        var plan = new RoundPlan(1, 40, 0, 5) { Outcomes = new OutcomePlan(10, delay, 40) };
        var server = ServerProtocol.Start(plan, 3, 0, 0, restored);
        server.OnRewound(0, 3);
        return server;
    }

    private static void Go(ServerProtocol server, long until)
    {
        for (var round = server.State.Applied + 1; round <= until; round++)
        {
            Ask(server);
            server.OnApplied(round);
        }
    }

    [Fact]
    public void NextOrder_AtTheRoundAtWhichAnOutcomeActs_WaitsForIt()
    {
        var server = Evaluated(delay: 3);
        Go(server, 12);
        Assert.Null(server.NextOrder());
        Assert.Equal(10, server.AwaitedOutcome);
        server.OnOutcome(10, ends: false);
        Assert.Null(server.AwaitedOutcome);
        Go(server, 22);
        Assert.Equal(20, server.AwaitedOutcome);
    }

    [Fact]
    public void OnOutcome_ThatEnds_EndsAtItsRoundWithACheckpoint()
    {
        var server = Evaluated(delay: 3);
        Go(server, 11);
        server.OnOutcome(10, ends: true);
        Go(server, 12);
        Assert.False(server.IsFinished);
        Assert.True(Ask(server).Checkpoint);
        server.OnApplied(13);
        Assert.True(server.IsFinished && server.IsEndedByOutcome);
    }

    /// <summary>
    /// The user stops at this round. The resumed run learns the outcome, and ends there or continues.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RequestStop_WhileAnOutcomeIsAwaited_IsNotHeldUp(bool ends)
    {
        var stopped = Evaluated(delay: 3);
        Go(stopped, 12);
        Assert.Equal(13, stopped.RequestStop());
        Go(stopped, 13);
        Assert.True(stopped.IsFinished);
        Assert.False(stopped.IsEndedByOutcome);

        var resumed = Evaluated(delay: 3, restored: 13);
        Assert.Null(resumed.NextOrder());
        resumed.OnOutcome(10, ends);
        Assert.Equal(ends, resumed.IsFinished);
        Assert.Equal(ends, resumed.IsEndedByOutcome);
        Assert.Equal(ends, resumed.NextOrder() is null);
    }

    [Fact]
    public void OnOutcome_OutOfOrder_IsAnError()
    {
        var server = Evaluated(delay: 10);
        server.OnOutcome(10, ends: false);
        Assert.Throws<InvalidOperationException>(() => server.OnOutcome(10, ends: false));
    }

    [Fact]
    public void NextOrder_WithoutLag_WaitsForTheVersion()
    {
        var server = Started();
        Assert.Equal(new AdvanceOrder(3, 0, 1, 0), Ask(server));
        Assert.Null(server.NextOrder());
        server.OnApplied(1);
        Assert.Equal(new AdvanceOrder(3, 0, 2, 1), server.NextOrder());
    }

    [Fact]
    public void NextOrder_WithLag_RunsAheadByExactlyIt()
    {
        var server = Started(lag: 2);
        Assert.Equal([0, 0, 0], new[] { Ask(server), Ask(server), Ask(server) }.Select(o => o.Version));
        Assert.Null(server.NextOrder());
        server.OnApplied(1);
        Assert.Equal(new AdvanceOrder(3, 0, 4, 1, Checkpoint: true), Ask(server));
        Assert.Null(server.NextOrder());
    }

    /// <summary>Which versions are sampled from may not depend on where a server happened to be restored.</summary>
    [Fact]
    public void NextOrder_AfterARestoreWithLag_NamesTheVersionsOfAnUndisturbedRun()
    {
        var server = Started(lag: 2, attemptBase: 3, restored: 8, rounds: 20);
        Assert.Equal(6, server.OldestVersionNeeded);
        Assert.Equal([6, 7, 8], new[] { Ask(server), Ask(server), Ask(server) }.Select(o => o.Version));
        Assert.Equal(3, Ask(Started(lag: 2, attemptBase: 3, restored: 4)).Version);
    }

    [Fact]
    public void NextOrder_WhileNegativesAreMissing_IsNull()
    {
        var server = Started(lag: 2);
        var order = Assert.NotNull(server.NextOrder());
        Assert.True(server.OnNegatives(0, order));
        Assert.Null(server.NextOrder());
        Assert.Equal([1], server.ToAdvance);
        Assert.Equal(order, server.Outstanding);
        Assert.False(server.ReadyToUpdate);
    }

    [Fact]
    public void OnNegatives_NotOfTheOutstandingOrder_AreRefused()
    {
        var server = Started();
        var order = Assert.NotNull(server.NextOrder());
        Assert.False(server.OnNegatives(0, order with { Epoch = 2 }));
        Assert.False(server.OnNegatives(0, order with { Attempt = 1 }));
        Assert.False(server.OnNegatives(0, order with { Version = 1 }));
        Assert.False(server.OnNegatives(0, order with { Round = 2 }));
        Assert.True(server.OnNegatives(0, order));
        Assert.False(server.OnNegatives(0, order));
    }

    [Fact]
    public void OnApplied_OutOfOrderOrTooEarly_IsAnError()
    {
        var server = Started();
        Assert.Throws<InvalidOperationException>(() => server.OnApplied(1));
        Ask(server);
        Assert.Throws<InvalidOperationException>(() => server.OnApplied(2));
    }

    [Fact]
    public void RequestStop_WithARoundInFlight_StopsAfterTheNextAndMakesItACheckpoint()
    {
        var server = Started();
        Ask(server);
        Assert.Equal(2, server.RequestStop());
        server.OnApplied(1);
        Assert.Equal(2, server.RequestStop());
        Assert.True(Ask(server).Checkpoint);
        Assert.Equal(2, server.RequestStop());
        server.OnApplied(2);
        Assert.True(server.IsFinished);
        Assert.Null(server.NextOrder());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(4, 4)]
    [InlineData(10, 10)]
    public void RequestStop_WithNothingInFlight_StopsWhereSlotsWereCopied(long applied, long expected)
    {
        var server = Started();
        for (var round = 1; round <= applied; round++)
        {
            Ask(server);
            server.OnApplied(round);
        }

        Assert.Equal(expected, server.RequestStop());
        Assert.Equal(expected == applied, server.IsFinished);
    }
}
