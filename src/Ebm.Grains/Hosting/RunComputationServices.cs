using Ebm.Contracts;
using Ebm.Grains.Admission;
using Ebm.Grains.Devices;
using Ebm.Grains.Epochs;
using Ebm.Grains.Faults;
using Ebm.Grains.Models.Likelihood;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Placement;
using Orleans.Runtime.MembershipService.SiloMetadata;

namespace Ebm.Grains.Hosting;

/// <summary>What every silo needs whatever its stores: lanes, runs' contexts, parameter cache, placement.</summary>
internal static class RunComputationServices
{
    /// <summary>Adds them; <paramref name="labels"/> are the silo's own.</summary>
    public static ISiloBuilder AddRunComputation(this ISiloBuilder silo, SiloLabels labels)
    {
        var services = silo.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(RunLimits.None);
        services.AddErrorSerialization();
        services.AddSingleton(labels);
        services.AddSingleton<DeviceLanes>();
        services.AddSingleton<SiloMetrics>();
        services.AddSingleton<RunContexts>();
        services.AddSingleton<ParameterCache>();
        services.AddSingleton<AnnealedModels>();
        services.AddSingleton<ShardCalls>();
        services.AddSingleton<TrainerStateLoader>();
        services.AddSingleton<EpochRestorer>();
        services.AddSingleton<EpochFactory>();
        services.AddSingleton<RunRollback>();
        services.AddSingleton<EpochRunner>();
        services.AddSingleton<StoreHealth>();
        services.AddSingleton<FaultPoints>();
        services.AddSingleton<LaneSilos>();
        services.AddSingleton<LocalServers>();
        silo.AddIncomingGrainCallFilter<RefusalCounter>();
        silo.UseSiloMetadata(labels.Write());
        services.AddPlacementFilter<RoleFilter, RoleFilterDirector>(ServiceLifetime.Transient);
        services.AddPlacementDirector<LanePlacement, LanePlacementDirector>();
        return silo;
    }
}
