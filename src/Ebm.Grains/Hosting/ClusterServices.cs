using Ebm.Grains.Cluster;
using Ebm.Grains.Epochs;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Hosting;

/// <summary>What a silo of a cluster does besides: it is one of several.</summary>
internal static class ClusterServices
{
    /// <summary>Lets a silo that stops hand its parameter servers over.</summary>
    public static IServiceCollection AddGracefulHandover(this IServiceCollection services) =>
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(s => s.GetRequiredService<LocalServers>());

    /// <summary>Lets a control silo bring runs back.</summary>
    public static IServiceCollection AddBringBack(this IServiceCollection services) =>
        services.AddHostedService<RunReactivator>();
}
