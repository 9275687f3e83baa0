using Ebm.Contracts;
using Ebm.Grains.Devices;
using Ebm.Grains.Parameters;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ebm.Grains.Hosting;

/// <summary>The services that every silo needs to compute for runs, whatever its stores.</summary>
public static class RunComputationServices
{
    /// <summary>Adds lanes, the runs' contexts and the parameter cache.</summary>
    public static IServiceCollection AddRunComputation(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddErrorSerialization();
        services.AddSingleton<DeviceLanes>();
        services.AddSingleton<RunContexts>();
        services.AddSingleton<ParameterCache>();
        services.AddSingleton<ShardCalls>();
        services.AddSingleton<RunStarts>();
        services.AddSingleton<StoreHealth>();
        return services;
    }
}
