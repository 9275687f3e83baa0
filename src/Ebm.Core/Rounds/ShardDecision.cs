namespace Ebm.Core.Rounds;

/// <summary>A shard's decision on an order.</summary>
internal abstract record ShardDecision
{
    private ShardDecision() { }

    /// <summary>The order is from a replaced server. The answer reports the epoch that the shard accepts.</summary>
    public sealed record RefuseStale(long KnownEpoch) : ShardDecision;

    /// <summary>A late copy of an order before the shard's last round, which was answered before.</summary>
    public sealed record Superseded : ShardDecision;

    /// <summary>The shard's last round again: answer from its record, or by the same computation.</summary>
    public sealed record AnswerRecorded(AdvanceOrder Order) : ShardDecision;

    /// <summary>The order is being executed: answer with its result.</summary>
    public sealed record JoinRunning(AdvanceOrder Order) : ShardDecision;

    /// <summary>The next round: start sampling.</summary>
    public sealed record StartRound(AdvanceOrder Order) : ShardDecision;

    /// <summary>
    /// The shard lacks earlier rounds, or the rewind before them. The cached position may be stale, because the shard
    /// continued in another activation. So it reloads from the store; only if the store holds no more (data was lost)
    /// it reports the gap, and the server rewinds. Without the reload a forgotten activation could rewind a healthy run
    /// again and again.
    /// </summary>
    public sealed record ReportGap(int Attempt, long Round) : ShardDecision;
}
