namespace Ebm.Core.Rounds;

/// <summary>
/// A shard's side of a round: decides on orders. Pure: it holds no data and does no work. Commits and rewinds are
/// recorded here after the store has accepted them. An instance lives as long as an activation, and starts from the
/// stored position.
/// </summary>
internal sealed class ShardProtocol(ShardPosition stored)
{
    /// <summary>Position of the shard.</summary>
    public ShardPosition Position { get; private set; } = stored;

    /// <summary>The order in execution.</summary>
    public AdvanceOrder? Running { get; private set; }

    /// <summary>Decides on an order; <see cref="ShardDecision.StartRound"/> marks it as running.</summary>
    public ShardDecision OnAdvance(AdvanceOrder order)
    {
        if (order.Epoch < Position.Epoch)
        {
            return new ShardDecision.RefuseStale(Position.Epoch);
        }

        // A newer server rewinds before its first order. If this activation does not know the rewind, its position is
        // stale.
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
    /// Records that the store holds the result of <paramref name="order"/>. False if the shard was rewound meanwhile:
    /// the result is obsolete.
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

    /// <summary>
    /// Records that the work failed or was cancelled, and nothing was stored. The next order starts it again.
    /// </summary>
    public void OnFailed(AdvanceOrder order) => Running = Running == order ? null : Running;

    /// <summary>
    /// Decides on a rewind without a change of state. Store the rewind first, then call <see cref="OnRewound"/>.
    /// </summary>
    public WriteVerdict OnRewind(RewindOrder order) => ShardFence.Rewind(Position, order);

    /// <summary>Records a stored rewind. Cancel running work: the store would refuse its result.</summary>
    public void OnRewound(RewindOrder order)
    {
        Running = null;
        Position = ShardFence.After(order);
    }
}
