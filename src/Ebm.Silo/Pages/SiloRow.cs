using Ebm.Grains.Placement;

namespace Ebm.Silo.Pages;

/// <summary>A silo: its membership entry and its own report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Address">Address and generation, as Orleans writes them.</param>
/// <param name="Status">Where it is in its life.</param>
/// <param name="Roles">Its roles.</param>
/// <param name="Device">Kind of device of its lanes; null without any.</param>
/// <param name="Lanes">Device lanes.</param>
/// <param name="Numerics">Its numerics fingerprint; null without lanes.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Process">Its process on its machine.</param>
/// <param name="Since">Since when it is up.</param>
internal sealed record SiloRow(
    string Name, string Address, SiloStatus Status, string Roles, string? Device, int Lanes, string? Numerics,
    string Version,
    int Process, DateTimeOffset Since)
{
    public static SiloRow Of(ClusterMember member, SiloLabels labels) => new(
        member.Name, member.SiloAddress.ToParsableString(), member.Status, labels.Roles, labels.Device, labels.Lanes,
        labels.Numerics, labels.Version, labels.Process, labels.Since);
}
