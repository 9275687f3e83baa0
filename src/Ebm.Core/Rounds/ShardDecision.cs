namespace Ebm.Core.Rounds;

/// <summary>What a shard does with an order.</summary>
public abstract record ShardDecision
{
    private ShardDecision() { }

    /// <summary>The order is of a server that was replaced; it is told the epoch that the shard obeys.</summary>
    public sealed record RefuseStale(long KnownEpoch) : ShardDecision;

    /// <summary>
    /// The round lies before the shard's last one: its answer arrived long ago, and the order is a late copy.
    /// </summary>
    public sealed record Superseded : ShardDecision;

    /// <summary>The shard's last round again: from its record, or by the same computation.</summary>
    public sealed record AnswerRecorded(AdvanceOrder Order) : ShardDecision;

    /// <summary>This very work is running: the answer is its result.</summary>
    public sealed record JoinRunning(AdvanceOrder Order) : ShardDecision;

    /// <summary>The next round: start the work.</summary>
    public sealed record StartRound(AdvanceOrder Order) : ShardDecision;

    /// <summary>
    /// The shard lacks rounds before this one, or the rewind before them. This activation's picture may merely be old
    /// (the shard went on elsewhere): it loads from the store again, and only if that holds no more (it lost something)
    /// is the server told, which then rewinds. Telling it at once would let a forgotten activation rewind a healthy run
    /// for ever.
    /// </summary>
    public sealed record ReportGap(int Attempt, long Round) : ShardDecision;
}
