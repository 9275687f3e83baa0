using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Silo.Access;

/// <summary>Lets a silo ask who calls.</summary>
internal static class AccessServices
{
    /// <summary>Adds it, before every other filter.</summary>
    /// <exception cref="Core.InputException">The file of keys cannot be used.</exception>
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
