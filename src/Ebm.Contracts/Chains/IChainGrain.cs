using Ebm.Core.Rounds;
using Orleans.Concurrency;

namespace Ebm.Contracts.Chains;

/// <summary>One shard: a fixed set of chains and their replay slots. Its key is <see cref="ShardKey"/>.</summary>
[Alias("ebm.IChainGrain")]
public interface IChainGrain : IGrainWithStringKey
{
    /// <summary>
    /// Asks the shard to compute a round and waits a while for it. Idempotent: asked again it joins the running work,
    /// or answers from its record; <see cref="AdvanceOutcome.Working"/> is the heartbeat of work that goes on.
    /// </summary>
    [Alias("Advance"), AlwaysInterleave, ResponseTimeout("00:00:15")]
    Task<AdvanceReply> Advance(AdvanceOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// One piece, at most <see cref="ByteBlock.Limit"/> bytes, of the negatives of the shard's last round
    /// (<see cref="AdvanceReply.Pieces"/> says how many there are).
    /// </summary>
    [Alias("Negatives"), AlwaysInterleave]
    Task<NegativesPiece> Negatives(AdvanceOrder order, int piece);

    /// <summary>Cancels running work and puts the shard back to its slots as of a checkpoint's round.</summary>
    [Alias("Rewind"), AlwaysInterleave]
    Task<RewindReply> Rewind(RewindOrder order);

    /// <summary>Moves the shard to another silo, once it has finished the round that it works on.</summary>
    [Alias("Move"), AlwaysInterleave]
    Task Move(string silo);
}
