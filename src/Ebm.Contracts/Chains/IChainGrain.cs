using Ebm.Core.Rounds;
using Orleans.Concurrency;

namespace Ebm.Contracts.Chains;

/// <summary>One shard: a fixed set of chains and their replay slots. Its key is <see cref="ShardKey"/>.</summary>
[Alias("ebm.IChainGrain")]
internal interface IChainGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks the shard to compute a round, and waits a while for it. Idempotent: a repeated call joins the running work,
    /// or is answered from the shard's record. <see cref="AdvanceOutcome.Working"/> is the heartbeat of running work.
    /// </summary>
    [Alias("Advance"), AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<AdvanceReply> Advance(AdvanceOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// One piece, at most <see cref="ByteBlock.Limit"/> bytes, of the negatives of the shard's last round.
    /// <see cref="AdvanceReply.Pieces"/> is their number.
    /// </summary>
    [Alias("Negatives"), AlwaysInterleave]
    Task<NegativesPiece> Negatives(AdvanceOrder order, int piece);

    /// <summary>Cancels running work, and rewinds the shard to its slots as of a checkpoint's round.</summary>
    [Alias("Rewind"), AlwaysInterleave]
    Task<RewindReply> Rewind(RewindOrder order);

    /// <summary>Moves the shard to another silo, after the round that it works on.</summary>
    [Alias("Move"), AlwaysInterleave]
    Task Move(string silo);
}
