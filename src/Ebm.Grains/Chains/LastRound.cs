using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Core.Sampling;

namespace Ebm.Grains.Chains;

/// <summary>What a shard answers with to who asks for its last round.</summary>
/// <param name="Attempt">The attempt.</param>
/// <param name="Round">The round.</param>
/// <param name="Version">The version that it was sampled from.</param>
/// <param name="States">The negatives, encoded.</param>
/// <param name="Figures">The chains' figures.</param>
/// <param name="Work">How long it took.</param>
internal sealed record LastRound(
    int Attempt, long Round, long Version, byte[] States, ChainMetrics Figures, ShardSeconds Work)
{
    /// <summary>The reply with it; negatives that are too long for one message are fetched in pieces.</summary>
    public AdvanceReply In(AdvanceReply reply)
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
