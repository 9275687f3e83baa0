#pragma warning disable
using Microsoft.Extensions.DependencyInjection;

namespace Ebm.Grains.Stores.Redis
{
    public sealed class RedisStoreOptions { public string Prefix { get; set; } = "ebm"; }
}

namespace Ebm.Grains.Hosting
{
    public static class RedisStoreServices
    {
        public static IServiceCollection AddRedisStores(this IServiceCollection services, string? checkpointDirectory) => services;
    }
}
