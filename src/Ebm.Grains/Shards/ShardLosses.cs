using Ebm.Contracts.Chains;
using Ebm.Core;

namespace Ebm.Grains.Shards;

/// <summary>
/// Silos that died while they worked on a shard's round. One is bad luck; a shard that takes several with it at the
/// same round would take the next ones too, so the run ends and names it.
/// </summary>
internal sealed class ShardLosses
{
    /// <summary>Silos that the same shard and round may take.</summary>
    public const int Limit = 3;

    private readonly Dictionary<int, (long Round, HashSet<SiloAddress> Silos)> _lost = [];

    /// <summary>A silo that was working on a shard's round is dead.</summary>
    /// <exception cref="EbmException">It is the last one that may be.</exception>
    public void Note(ShardKey shard, long round, SiloAddress silo)
    {
        if (!_lost.TryGetValue(shard.Shard, out var lost) || lost.Round != round)
        {
            _lost[shard.Shard] = lost = (round, []);
        }

        if (lost.Silos.Add(silo) && lost.Silos.Count >= Limit)
        {
            throw new EbmException(
                $"shard {shard.Shard}, round {round} has taken {Limit} silos with it "
                    + $"({string.Join(", ", lost.Silos)}). "
                + "Look at their logs for why they died (memory?); then resume the run.");
        }
    }
}
