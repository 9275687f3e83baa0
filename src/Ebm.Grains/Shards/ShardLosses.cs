using Ebm.Contracts.Chains;
using Ebm.Core;

namespace Ebm.Grains.Shards;

/// <summary>
/// Silos that died while they worked on a shard's round. If several die at the same round of the same shard, that round
/// is the likely reason: the run fails and names it, before it kills further silos.
/// </summary>
internal sealed class ShardLosses
{
    /// <summary>Deaths at the same round of a shard that fail the run.</summary>
    public const int Limit = 3;

    private readonly Dictionary<int, (long Round, HashSet<SiloAddress> Silos)> _lost = [];

    /// <summary>Records the death of a silo that worked on a shard's round.</summary>
    /// <exception cref="EbmException">The deaths at this round have reached <see cref="Limit"/>.</exception>
    public void Record(ShardKey shard, long round, SiloAddress silo)
    {
        if (!_lost.TryGetValue(shard.Shard, out var lost) || lost.Round != round)
        {
            _lost[shard.Shard] = lost = (round, []);
        }

        if (lost.Silos.Add(silo) && lost.Silos.Count >= Limit)
        {
            throw new EbmException(
                $"{Limit} silos died while they computed round {round} of shard {shard.Shard} "
                + $"({string.Join(", ", lost.Silos)}). Find the reason in their logs (memory?); then resume the run.");
        }
    }
}
