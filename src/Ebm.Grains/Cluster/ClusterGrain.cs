using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Grains.Chains;
using Ebm.Grains.Epochs;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Orleans.Concurrency;

namespace Ebm.Grains.Cluster;

/// <summary>Answers what there is, from the catalogue of runs and from what silos say of themselves.</summary>
[StatelessWorker, OnControl]
internal sealed class ClusterGrain(IRunCatalogue catalogue, LaneSilos silos) : Grain, IClusterGrain
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<RunStatus>> Runs()
    {
        var ids = await catalogue.Runs();
        var statuses = await Task.WhenAll(ids.Select(id => GrainFactory.GetGrain<IRunGrain>(id).Status()));

        // An id whose record was never written is one of a submit that died on its way.
        return [.. statuses.OfType<RunStatus>().OrderBy(s => s.Submitted).ThenBy(s => s.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<SiloInfo>> Silos()
    {
        var counts = await GrainFactory.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        int Of<T>(SiloAddress silo) => counts
            .Where(c => c.SiloAddress.Equals(silo)
                && c.GrainType.Contains(typeof(T).Name, StringComparison.OrdinalIgnoreCase))
            .Sum(c => c.ActivationCount);
        return [.. silos.All().Select(silo => new SiloInfo
        {
            Name = silo.Member.Name,
            Address = silo.Member.SiloAddress.ToParsableString(),
            Roles = silo.Labels.Roles,
            Device = silo.Labels.Device,
            Lanes = silo.Labels.Lanes,
            Numerics = silo.Labels.Numerics,
            Version = silo.Labels.Version,
            Process = silo.Labels.Process,
            Shards = Of<ChainGrain>(silo.Member.SiloAddress),
            Servers = Of<ParameterServerGrain>(silo.Member.SiloAddress),
            Runs = Of<RunGrain>(silo.Member.SiloAddress),
            Since = silo.Labels.Since,
        })];
    }
}
