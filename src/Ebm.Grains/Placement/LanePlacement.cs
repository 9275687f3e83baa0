using System.IO.Hashing;
using System.Text;
using Ebm.Contracts.Chains;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Ebm.Grains.Placement;

/// <summary>Spreads a run's shards over silos in proportion to their lanes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SpreadByLanesAttribute() : PlacementAttribute(new LanePlacement());

/// <summary>The strategy of <see cref="SpreadByLanesAttribute"/>.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("ebm.LanePlacement")]
internal sealed class LanePlacement : PlacementStrategy;

/// <summary>
/// Puts shard i on the lane i places after the run's own first one, all lanes of the cluster standing in a circle; so
/// one run is even over lanes, and several runs do not all begin at the same silo. A hint, as of a migration, goes
/// before it.
/// </summary>
internal sealed class LanePlacementDirector(ISiloMetadataCache metadata) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, silos) is { } hint)
        {
            return Task.FromResult(hint);
        }

        var key = target.GrainIdentity.Key.ToString()!;
        var shard = key.Contains('/', StringComparison.Ordinal) ? ShardKey.Parse(key) : new ShardKey(key, 0);
        return Task.FromResult(LaneRing.At(
            [.. silos.Order().Select(silo => (silo, SiloLabels.Read(metadata.GetSiloMetadata(silo).Metadata).Lanes))],
            (ulong)Start(shard.Run) + (ulong)shard.Shard));
    }

    private static uint Start(string run) => XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(run));
}
