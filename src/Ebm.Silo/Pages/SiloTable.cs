using System.Collections.Concurrent;
using Ebm.Grains.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Ebm.Silo.Pages;

/// <summary>
/// The silos of the cluster as this one sees them, without a call to any: those that are up, and those that are gone
/// while no other silo has taken their name.
/// </summary>
internal sealed class SiloTable(IClusterMembershipService membership, ISiloMetadataCache metadata)
{
    // The last reports of silos: a dead silo has no other source.
    private readonly ConcurrentDictionary<SiloAddress, SiloLabels> _labels = new();

    /// <summary>The silos, by name.</summary>
    public IReadOnlyList<SiloRow> Rows()
    {
        var members = membership.CurrentSnapshot.Members;
        foreach (var gone in _labels.Keys.Where(address => !members.ContainsKey(address)))
        {
            _labels.TryRemove(gone, out _);
        }

        return
        [
            .. from member in members.Values
               group member by member.Name into named
               from shown in Shown(named)
               orderby shown.Name, shown.SiloAddress
               select SiloRow.Of(shown, Labels(shown)),
        ];
    }

    private static IEnumerable<ClusterMember> Shown(IEnumerable<ClusterMember> named)
    {
        var all = named.ToLookup(member => member.Status == SiloStatus.Dead);
        return all[false].Any()
            ? all[false]
            : all[true].OrderByDescending(member => member.SiloAddress.Generation).Take(1);
    }

    private SiloLabels Labels(ClusterMember member)
    {
        if (member.Status == SiloStatus.Active)
        {
            _labels[member.SiloAddress] = SiloLabels.Read(metadata.GetSiloMetadata(member.SiloAddress).Metadata);
        }

        return _labels.TryGetValue(member.SiloAddress, out var labels)
            ? labels
            : SiloLabels.Read(new Dictionary<string, string>());
    }
}
