namespace Ebm.Core.Rounds;

/// <summary>A store's verdict on a write.</summary>
internal enum WriteVerdict
{
    /// <summary>The write was stored.</summary>
    Accepted,

    /// <summary>The same write was stored before: a success.</summary>
    AlreadyStored,

    /// <summary>The writer's epoch has ended: the writer must stop.</summary>
    StaleEpoch,

    /// <summary>
    /// The write does not follow the stored position: the writer's view is stale, and it must reload.
    /// </summary>
    OutOfOrder,
}

/// <summary>
/// The fence of a shard's store, evaluated in the same atomic step as the write. It guarantees a single writer at a
/// time, and commits each round once and in order, even if several activations of the shard exist.
/// </summary>
internal static class ShardFence
{
    /// <summary>The verdict on a commit of the result of <paramref name="order"/>.</summary>
    public static WriteVerdict Commit(ShardPosition stored, AdvanceOrder order) =>
        order.Epoch < stored.Epoch ? WriteVerdict.StaleEpoch
        : order.Epoch > stored.Epoch || order.Attempt != stored.Attempt ? WriteVerdict.OutOfOrder
        : order.Round == stored.Round + 1 ? WriteVerdict.Accepted
        : order.Round == stored.Round && stored.Answerable ? WriteVerdict.AlreadyStored
        : WriteVerdict.OutOfOrder;

    /// <summary>The verdict on a rewind: only a newer epoch may rewind.</summary>
    public static WriteVerdict Rewind(ShardPosition stored, RewindOrder order) =>
        order.Epoch > stored.Epoch ? WriteVerdict.Accepted
        : order.Epoch == stored.Epoch ? WriteVerdict.AlreadyStored
        : WriteVerdict.StaleEpoch;

    /// <summary>The position after an accepted commit.</summary>
    public static ShardPosition After(AdvanceOrder order) =>
        new(order.Epoch, order.Attempt, order.Round, Answerable: true);

    /// <summary>The position after an accepted rewind.</summary>
    public static ShardPosition After(RewindOrder order) =>
        new(order.Epoch, order.Attempt, order.Round, Answerable: false);
}
