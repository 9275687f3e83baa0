using Ebm.Grains.Stores;
using Ebm.Grains.Stores.Redis;
using Ebm.Grains.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Hosting;

/// <summary>The stores of a cluster.</summary>
internal static class RedisStoreServices
{
    /// <summary>
    /// Keeps all that silos share in Redis. Expects the connection as a service, and <see cref="RedisStoreOptions"/>
    /// where the defaults do not do.
    /// </summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="checkpointDirectory">A directory that all silos share, for checkpoints; null for Redis.</param>
    public static IServiceCollection AddRedisStores(this IServiceCollection services, string? checkpointDirectory)
    {
        services.AddOptions<RedisStoreOptions>().PostConfigure(
            o => o.CheckpointDirectory = checkpointDirectory);
        services.AddSingleton<RedisKeys>();
        services.AddSingleton<RedisMetrics>();
        services.AddSingleton<RedisCalls>();
        services.AddSingleton<RedisRunFence>();
        services.AddSingleton<IRunFence>(s => s.GetRequiredService<RedisRunFence>());
        services.AddSingleton<IRunCatalogue, RedisRunCatalogue>();
        services.AddSingleton<IReplayStore, RedisReplayStore>();
        services.AddSingleton<IRunJournal, RedisRunJournal>();
        if (checkpointDirectory is null)
        {
            services.AddSingleton<ICheckpointStore, RedisCheckpointStore>();
        }
        else
        {
            services.AddSingleton<ICheckpointStore, FencedDirectoryCheckpointStore>();
        }

        return services;
    }
}
