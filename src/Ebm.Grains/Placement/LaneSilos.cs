using Ebm.Contracts.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Ebm.Grains.Placement;

/// <summary>The active silos, by their capabilities for a run.</summary>
internal sealed class LaneSilos(IClusterMembershipService membership, ISiloMetadataCache metadata)
{
    /// <summary>Goes up with every change of the membership.</summary>
    public MembershipVersion Version => membership.CurrentSnapshot.Version;

    /// <summary>Whether a silo that was up is not any more.</summary>
    public bool IsDead(SiloAddress silo) =>
        membership.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Dead or SiloStatus.None;

    /// <summary>The name of an active or former silo; its address if the name is unknown.</summary>
    public string NameOf(SiloAddress silo) =>
        membership.CurrentSnapshot.Members.TryGetValue(silo, out var member) ? member.Name : silo.ToParsableString();

    /// <summary>All active silos, by name.</summary>
    public IReadOnlyList<(ClusterMember Member, SiloLabels Labels)> All() =>
    [
        .. from member in membership.CurrentSnapshot.Members.Values
           where member.Status == SiloStatus.Active
           orderby member.Name, member.SiloAddress
           select (member, SiloLabels.Read(metadata.GetSiloMetadata(member.SiloAddress).Metadata)),
    ];

    /// <summary>Those that a run may compute on, with their lanes, in a fixed order.</summary>
    public IReadOnlyList<(SiloAddress Silo, int Lanes)> For(RunRequirements needs) =>
    [
        .. from silo in All()
           where silo.Labels.Meets(needs) && silo.Member.SiloAddress.ToParsableString() != needs.Avoid
           orderby silo.Member.SiloAddress
           select (silo.Member.SiloAddress, silo.Labels.Lanes),
    ];
}
