using Ebm.Contracts.Placement;
using Orleans.Metadata;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;
using Orleans.Runtime.Placement;

namespace Ebm.Grains.Placement;

/// <summary>Places a grain on control silos.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnControlAttribute() : PlacementFilterAttribute(new RoleFilter(RoleFilter.Control));

/// <summary>Places a grain on silos with lanes that meet the <see cref="RunRequirements"/> beside the call.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnLanesAttribute() : PlacementFilterAttribute(new RoleFilter(RoleFilter.Lanes));

/// <summary>
/// Which silos a grain may be placed on. Orleans' own metadata filter compares the candidates with the silo that
/// places, so it cannot say "needs a GPU"; this one compares them with what the run needs.
/// </summary>
internal sealed class RoleFilter(string role) : PlacementFilterStrategy(0)
{
    internal const string Control = "control", Lanes = "lanes";
    private const string Property = "ebm-role";

    /// <summary>For dependency injection, which fills it from the grain's manifest.</summary>
    public RoleFilter() : this("")
    {
    }

    /// <summary>The role.</summary>
    public string Role { get; private set; } = role;

    /// <inheritdoc/>
    public override void AdditionalInitialize(GrainProperties properties) =>
        Role = GetPlacementFilterGrainProperty(Property, properties)!;

    /// <inheritdoc/>
    protected override IEnumerable<KeyValuePair<string, string>> GetAdditionalGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType,
        IReadOnlyDictionary<string, string> existingProperties)
    {
        yield return new(Property, Role);
    }
}

/// <summary>Carries a <see cref="RoleFilter"/> out. One for all grains, so it holds nothing.</summary>
internal sealed class RoleFilterDirector(ISiloMetadataCache metadata) : IPlacementFilterDirector
{
    /// <inheritdoc/>
    public IEnumerable<SiloAddress> Filter(
        PlacementFilterStrategy filterStrategy, PlacementTarget target, IEnumerable<SiloAddress> silos)
    {
        if (((RoleFilter)filterStrategy).Role == RoleFilter.Control)
        {
            return silos.Where(silo => Of(silo).Control);
        }

        var needs = target.RequestContextData?.GetValueOrDefault(RunRequirements.ContextKey) as RunRequirements;
        return silos.Where(silo => needs is null
            ? Of(silo).Lanes > 0
            : Of(silo).Meets(needs) && silo.ToParsableString() != needs.Avoid);
    }

    private SiloLabels Of(SiloAddress silo) => SiloLabels.Read(metadata.GetSiloMetadata(silo).Metadata);
}
