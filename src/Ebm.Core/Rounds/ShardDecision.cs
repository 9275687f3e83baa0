namespace Ebm.Core.Rounds;

/// <summary>What a shard does with an order.</summary>
public abstract record ShardDecision
{
    private ShardDecision() { }

    /// <summary>The order is of a server that was replaced; it is told the epoch that the shard obeys.</summary>
    public sealed record Refuse(long KnownEpoch) : ShardDecision;

    /// <summary>The round lies before the shard's last one: its answer arrived long ago, and the order is a late copy.</summary>
    public sealed record Superseded : ShardDecision;

    /// <summary>The shard's last round again: from its record, or by the same computation.</summary>
    public sealed record Answer(AdvanceOrder Order) : ShardDecision;

    /// <summary>This very work is running: the answer is its result.</summary>
    public sealed record Join(AdvanceOrder Order) : ShardDecision;

    /// <summary>The next round: start the work.</summary>
    public sealed record Start(AdvanceOrder Order) : ShardDecision;

    /// <summary>The shard lacks rounds before this one (it lost some, or was never rewound): the server has to rewind.</summary>
    public sealed record Gap(int Attempt, long Round) : ShardDecision;
}
