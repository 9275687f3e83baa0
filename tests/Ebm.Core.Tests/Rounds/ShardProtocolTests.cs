using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

public sealed class ShardProtocolTests
{
    private static readonly ShardPosition Stored = new(Epoch: 5, Attempt: 1, Round: 10, Answerable: true);

    private static AdvanceOrder Order(long epoch = 5, int attempt = 1, long round = 11) =>
        new(epoch, attempt, round, round - 1);

    // Theories are public, so their parameters are; an object stands for an internal record.
    public static TheoryData<object, object> Decisions => new()
    {
        { Order(epoch: 4), new ShardDecision.RefuseStale(5) },
        { Order(epoch: 6), new ShardDecision.ReportGap(1, 10) },
        { Order(attempt: 2), new ShardDecision.ReportGap(1, 10) },
        { Order(round: 12), new ShardDecision.ReportGap(1, 10) },
        { Order(attempt: 0), new ShardDecision.Superseded() },
        { Order(round: 9), new ShardDecision.Superseded() },
        { Order(round: 10), new ShardDecision.AnswerRecorded(Order(round: 10)) },
        { Order(round: 11), new ShardDecision.StartRound(Order(round: 11)) },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void OnAdvance_FromAPosition_DecidesByTheProtocol(object order, object expected) =>
        Assert.Equal(expected, new ShardProtocol(Stored).OnAdvance((AdvanceOrder)order));

    [Fact]
    public void OnAdvance_SameOrderTwice_JoinsUntilCommittedAndThenAnswers()
    {
        var shard = new ShardProtocol(Stored);
        Assert.IsType<ShardDecision.StartRound>(shard.OnAdvance(Order()));
        Assert.IsType<ShardDecision.JoinRunning>(shard.OnAdvance(Order()));
        Assert.True(shard.OnCommitted(Order()));
        Assert.IsType<ShardDecision.AnswerRecorded>(shard.OnAdvance(Order()));
        Assert.IsType<ShardDecision.StartRound>(shard.OnAdvance(Order(round: 12)));
    }

    [Fact]
    public void OnAdvance_AfterFailedWork_StartsAgain()
    {
        var shard = new ShardProtocol(Stored);
        shard.OnAdvance(Order());
        shard.OnFailed(Order());
        Assert.IsType<ShardDecision.StartRound>(shard.OnAdvance(Order()));
    }

    [Fact]
    public void OnRewound_WhileWorkRuns_DropsItsResultAndHasNothingToAnswer()
    {
        var shard = new ShardProtocol(Stored);
        shard.OnAdvance(Order());
        var rewind = new RewindOrder(6, 2, 8);

        Assert.Equal(WriteVerdict.Accepted, shard.OnRewind(rewind));
        shard.OnRewound(rewind);

        Assert.False(shard.OnCommitted(Order()));
        Assert.Equal(WriteVerdict.AlreadyStored, shard.OnRewind(rewind));
        Assert.Equal(WriteVerdict.StaleEpoch, shard.OnRewind(new RewindOrder(5, 1, 10)));
        Assert.IsType<ShardDecision.RefuseStale>(shard.OnAdvance(Order()));
        Assert.IsType<ShardDecision.Superseded>(shard.OnAdvance(Order(epoch: 6, attempt: 2, round: 8)));
        Assert.IsType<ShardDecision.StartRound>(shard.OnAdvance(Order(epoch: 6, attempt: 2, round: 9)));
    }

    [Theory]
    [InlineData(4, 1, 11, nameof(WriteVerdict.StaleEpoch))]
    [InlineData(6, 1, 11, nameof(WriteVerdict.OutOfOrder))]
    [InlineData(5, 0, 11, nameof(WriteVerdict.OutOfOrder))]
    [InlineData(5, 1, 9, nameof(WriteVerdict.OutOfOrder))]
    [InlineData(5, 1, 10, nameof(WriteVerdict.AlreadyStored))]
    [InlineData(5, 1, 11, nameof(WriteVerdict.Accepted))]
    [InlineData(5, 1, 12, nameof(WriteVerdict.OutOfOrder))]
    public void Commit_OverAPosition_IsTakenOnceAndInOrder(
        long epoch, int attempt, long round, string expected) =>
        Assert.Equal(expected, ShardFence.Commit(Stored, Order(epoch, attempt, round)).ToString());
}
