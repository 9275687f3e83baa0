namespace Ebm.Core.Rounds;

/// <summary>What a store says to a write.</summary>
public enum WriteVerdict
{
    /// <summary>Written.</summary>
    Accepted,

    /// <summary>Exactly this was written before: a success.</summary>
    AlreadyStored,

    /// <summary>The writer's epoch is over: it is to stop.</summary>
    StaleEpoch,

    /// <summary>
    /// The write does not follow what is stored: the writer's picture is old, and it is to load again.
    /// </summary>
    OutOfOrder,
}

/// <summary>
/// The rule by which a store takes a shard's writes, evaluated in the same atomic step as the write. With it there is
/// one writer at a time, and each round is committed once and in order, however many activations believe to be the
/// shard.
/// </summary>
public static class ShardFence
{
    /// <summary>Whether the result of <paramref name="order"/> may be committed over what is stored.</summary>
    public static WriteVerdict Commit(ShardPosition stored, AdvanceOrder order) =>
        order.Epoch < stored.Epoch ? WriteVerdict.StaleEpoch
        : order.Epoch > stored.Epoch || order.Attempt != stored.Attempt ? WriteVerdict.OutOfOrder
        : order.Round == stored.Round + 1 ? WriteVerdict.Accepted
        : order.Round == stored.Round && stored.Answerable ? WriteVerdict.AlreadyStored
        : WriteVerdict.OutOfOrder;

    /// <summary>Whether the shard may be set back: only by an epoch above the stored one.</summary>
    public static WriteVerdict Rewind(ShardPosition stored, RewindOrder order) =>
        order.Epoch > stored.Epoch ? WriteVerdict.Accepted
        : order.Epoch == stored.Epoch ? WriteVerdict.AlreadyStored
        : WriteVerdict.StaleEpoch;

    /// <summary>What is stored after an accepted commit.</summary>
    public static ShardPosition After(AdvanceOrder order) =>
        new(order.Epoch, order.Attempt, order.Round, Answerable: true);

    /// <summary>What is stored after an accepted rewind.</summary>
    public static ShardPosition After(RewindOrder order) =>
        new(order.Epoch, order.Attempt, order.Round, Answerable: false);
}
