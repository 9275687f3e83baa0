namespace Ebm.Core.Rounds;

/// <summary>
/// A shard's side of a round: decides what an order means. Holds no data and does no work; what it is told of (commits,
/// rewinds) has been stored before. One instance lives as long as an activation, and starts from what the store holds.
/// </summary>
public sealed class ShardProtocol(ShardPosition stored)
{
    /// <summary>Where the shard stands.</summary>
    public ShardPosition Position { get; private set; } = stored;

    /// <summary>The order that is being worked on.</summary>
    public AdvanceOrder? Running { get; private set; }

    /// <summary>Decides what to do with an order; <see cref="ShardDecision.StartRound"/> notes it as running.</summary>
    public ShardDecision OnAdvance(AdvanceOrder order)
    {
        if (order.Epoch < Position.Epoch)
        {
            return new ShardDecision.RefuseStale(Position.Epoch);
        }

        // A newer server rewinds before it asks; where its rewind is not known here, this activation's picture is old.
        if (order.Epoch > Position.Epoch || order.Attempt > Position.Attempt || order.Round > Position.Round + 1)
        {
            return new ShardDecision.ReportGap(Position.Attempt, Position.Round);
        }

        if (order.Attempt < Position.Attempt || order.Round < Position.Round)
        {
            return new ShardDecision.Superseded();
        }

        if (order.Round == Position.Round)
        {
            return Position.Answerable ? new ShardDecision.AnswerRecorded(order) : new ShardDecision.Superseded();
        }

        if (Running == order)
        {
            return new ShardDecision.JoinRunning(order);
        }

        Running = order;
        return new ShardDecision.StartRound(order);
    }

    /// <summary>
    /// The store holds the result of <paramref name="order"/>. False if the shard was rewound meanwhile: the result is
    /// of no use to anybody.
    /// </summary>
    public bool OnCommitted(AdvanceOrder order)
    {
        if (Running != order)
        {
            return false;
        }

        Running = null;
        Position = ShardFence.After(order);
        return true;
    }

    /// <summary>The work failed or was cancelled, and nothing was stored: the next order starts it again.</summary>
    public void OnFailed(AdvanceOrder order) => Running = Running == order ? null : Running;

    /// <summary>
    /// Whether a rewind is to be carried out, was carried out before, or is of a server that was replaced. It does not
    /// change anything yet: store it first, then say <see cref="OnRewound"/>.
    /// </summary>
    public WriteVerdict OnRewind(RewindOrder order) => ShardFence.Rewind(Position, order);

    /// <summary>
    /// The store was set back: running work is to be cancelled, and would be refused by the store anyway.
    /// </summary>
    public void OnRewound(RewindOrder order)
    {
        Running = null;
        Position = ShardFence.After(order);
    }
}
