using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Core.Sampling;

namespace Ebm.Grains.Chains;

/// <summary>A shard's last round: the answer to its order, also when the order is repeated.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Round">The round.</param>
/// <param name="Version">The version that the chains sampled from.</param>
/// <param name="States">The negatives, encoded.</param>
/// <param name="Figures">The chains' metrics.</param>
/// <param name="Work">The shard's times.</param>
internal sealed record LastRound(
    int Attempt, long Round, long Version, byte[] States, ChainMetrics Figures, ShardSeconds Work)
{
    /// <summary>Adds the round to a reply. Negatives that are too long for one message are fetched in pieces.</summary>
    public AdvanceReply AddTo(AdvanceReply reply)
    {
        var pieces = PagedBytes.CountPages(States.Length);
        return reply with
        {
            Version = Version,
            Figures = Figures,
            Work = Work,
            Pieces = pieces,
            Negatives = pieces == 1 ? new ByteBlock(States) : default,
        };
    }
}
