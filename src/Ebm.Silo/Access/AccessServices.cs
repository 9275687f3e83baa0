using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Silo.Access;

/// <summary>Access control of a silo.</summary>
internal static class AccessServices
{
    /// <summary>Adds access control, before all other filters.</summary>
    /// <exception cref="Core.InputException">The key file is invalid.</exception>
    public static IServiceCollection AddAccess(this IServiceCollection services, string keysFile, string cluster)
    {
        var keys = new AccessKeys(keysFile, TimeProvider.System);
        services.AddSingleton(keys);
        services.AddSingleton(new AccessTokens(keys, cluster, TimeProvider.System));
        services.AddSingleton<IIncomingGrainCallFilter, AccessFilter>();
        services.AddSingleton<IOutgoingGrainCallFilter, SiloCredential>();
        return services;
    }
}
