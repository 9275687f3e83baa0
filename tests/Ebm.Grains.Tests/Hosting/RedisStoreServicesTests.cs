using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Hosting;
using Ebm.Grains.Stores;
using Ebm.Grains.Stores.Redis;
using Ebm.Grains.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Ebm.Grains.Tests.Hosting;

public sealed class RedisStoreServicesTests
{
    [Theory]
    [InlineData(null, typeof(RedisCheckpointStore))]
    [InlineData("/somewhere", typeof(FencedDirectoryCheckpointStore))]
    public async Task AddRedisStores_WithAConnection_GivesEveryStore(string? directory, Type checkpoints)
    {
        await using var connection = await RedisServer.Connect("127.0.0.1:1", "");
        await using var services = new ServiceCollection()
            .AddSingleton<IConnectionMultiplexer>(connection)
            .AddSingleton(TimeProvider.System).AddSingleton<StoreHealth>().AddSingleton<DeviceLanes>()
            .AddSingleton<FaultPoints>()
            .Configure<LaneOptions>(o => (o.Lanes, o.Device) = (1, "cpu"))
            .Configure<RedisStoreOptions>(o => o.Prefix = "other")
            .AddRedisStores(directory)
            .BuildServiceProvider();

        Assert.IsType<RedisRunFence>(services.GetRequiredService<IRunFence>());
        Assert.IsType<RedisRunCatalogue>(services.GetRequiredService<IRunCatalogue>());
        Assert.IsType<RedisReplayStore>(services.GetRequiredService<IReplayStore>());
        Assert.IsType<RedisRunJournal>(services.GetRequiredService<IRunJournal>());
        Assert.IsType(checkpoints, services.GetRequiredService<ICheckpointStore>());
        Assert.Equal("other:{r}:fence", services.GetRequiredService<RedisKeys>().Fence("r").ToString());
        Assert.Equal("127.0.0.1:1", services.GetRequiredService<RedisCalls>().Address);
    }
}
