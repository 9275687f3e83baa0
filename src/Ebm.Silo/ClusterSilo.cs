using System.Net;
using Ebm.Contracts.Cluster;
using Ebm.Grains.Admission;
using Ebm.Grains.Devices;
using Ebm.Grains.Hosting;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores.Redis;
using Ebm.Silo.Access;
using Ebm.Silo.Pages;
using Ebm.Silo.Telemetry;
using Ebm.Silo.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Dashboard;
using Orleans.Persistence;
using Orleans.Serialization;
using Orleans.Storage;
using StackExchange.Redis;

namespace Ebm.Silo;

/// <summary>
/// The composition root of a silo process. Membership, run records, reminders and stores are in Redis, over one
/// connection.
/// </summary>
internal static class ClusterSilo
{
    /// <summary>Builds the host. The caller owns the connection.</summary>
    /// <exception cref="Core.InputException">The device does not exist.</exception>
    public static IHost Build(SiloSettings settings, IConnectionMultiplexer redis)
    {
        var address = ClusterAddress.Parse(settings.Redis);
        var lanes = new LaneOptions { Device = settings.Device, Lanes = settings.Lanes };
        var labels = SiloLabels.Here(settings.IsControl(), settings.IsChains() ? lanes : null, TimeProvider.System);
        var pages = settings.PagesPort == 0
            ? null
            : new PagesOptions(IPAddress.Parse(settings.PagesAddress), settings.PagesPort)
            {
                Dashboard = settings.Dashboard,
            };
        return PagesHost.Build(pages, builder => Configure(builder, settings, address, labels, lanes, redis));
    }

    private static void Configure(
        IHostApplicationBuilder builder, SiloSettings settings, ClusterAddress address, SiloLabels labels,
        LaneOptions lanes, IConnectionMultiplexer redis)
    {
        builder.Services.Configure<HostOptions>(
            o => o.ShutdownTimeout = TimeSpan.FromSeconds(settings.ShutdownSeconds));
        builder.Services.AddSiloLogging(Enum.Parse<LogLevel>(settings.Log));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(redis);
        builder.Services.AddSingleton(Limits(settings));
        builder.Services.Configure<RedisStoreOptions>(o => o.Prefix = address.ClusterId);

        // A silo without the role chains also lists checkpoints. It reads them on one lane, which takes no other work.
        builder.Services.Configure<LaneOptions>(o =>
            (o.Device, o.Lanes) = settings.IsChains() ? (lanes.Device, lanes.Lanes) : ("cpu", 1));
        builder.Services.AddSiloTelemetry(Telemetry(settings, address.ClusterId));
        if (settings.OperationsPort > 0)
        {
            // Starts first and stops last, so that it reports both.
            builder.Services.AddHostedService<OperationsHost>();
        }

        if (settings.AccessKeys != "none")
        {
            builder.Services.AddAccess(settings.AccessKeys, address.ClusterId);
        }

        builder.Services.AddRedisStores(settings.Checkpoints == "redis" ? null : settings.Checkpoints);
        builder.UseOrleans(silo =>
        {
            silo.Configure<SiloOptions>(o => o.SiloName = settings.Name);
            silo.Configure<ClusterOptions>(o => (o.ClusterId, o.ServiceId) = (address.ClusterId, address.ServiceId));
            silo.Configure<EndpointOptions>(o => ConfigureEndpoints(o, settings));
            silo.AddRunComputation(labels);
            silo.AddActivityPropagation();
            AddRedis(silo, redis);
            FailureDetection.Configure(silo);
            if (settings.TlsCertificate.Length > 0)
            {
                silo.UseTls(
                    new TlsFiles(settings.TlsCertificate, settings.TlsKey, settings.TlsCa, TimeProvider.System),
                    settings.TlsName);
            }

            if (settings.Dashboard)
            {
                // A browser has no access to the dashboard's log stream.
                silo.AddDashboard(o => o.HideTrace = true);
            }

            if (settings.IsControl())
            {
                silo.Services.AddBringBack();
            }

            if (settings.IsChains())
            {
                silo.Services.AddGracefulHandover();
            }
        });
        if (settings.Supervised)
        {
            builder.Services.AddHostedService<Supervision>();
        }

        builder.Services.AddHostedService<MembershipGuard>();
    }

    private static void ConfigureEndpoints(EndpointOptions endpoints, SiloSettings settings)
    {
        (endpoints.AdvertisedIPAddress, endpoints.SiloPort) = (IPAddress.Parse(settings.Address), settings.SiloPort);
        endpoints.SiloListeningEndpoint = new IPEndPoint(settings.Listening(), settings.SiloPort);
        endpoints.GatewayPort = settings.IsControl() ? settings.GatewayPort : 0;
        if (settings.IsControl())
        {
            endpoints.GatewayListeningEndpoint = new IPEndPoint(settings.Listening(), settings.GatewayPort);
        }
    }

    private static RunLimits Limits(SiloSettings settings) => new()
    {
        Roots = FileRoots.Parse(settings.DataRoots)!,
        TorchScript = settings.TorchScript,
        EnergyAssemblies = settings.EnergyAssemblies,
        Memory = settings.MemoryLimit > 0
            ? (long)settings.MemoryLimit << 20
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4 * 3,
    };

    private static TelemetryOptions Telemetry(SiloSettings settings, string cluster) => new("ebm-silo", settings.Name)
    {
        Endpoint = settings.OtlpEndpoint.Length > 0
            ? TelemetryOptions.Parse(settings.OtlpEndpoint)
            : TelemetryOptions.EndpointFromEnvironment(),
        Ratio = settings.TraceRatio,
        Scraped = settings.OperationsPort > 0,
        Attributes = new Dictionary<string, object> { ["ebm.cluster"] = cluster, ["ebm.roles"] = settings.Roles },
    };

    private static void AddRedis(ISiloBuilder silo, IConnectionMultiplexer redis)
    {
        var configuration = ConfigurationOptions.Parse(redis.Configuration);
        silo.UseRedisClustering(o =>
        {
            o.ConfigurationOptions = configuration;
            o.CreateMultiplexer = _ => Task.FromResult((redis, true));
        });
        silo.AddRedisGrainStorage(RunRecord.Storage, (OptionsBuilder<RedisStorageOptions> options) =>
            options.Configure<Serializer>((o, serializer) =>
            {
                o.ConfigurationOptions = configuration;
                o.CreateMultiplexer = _ => Task.FromResult((redis, true));
                o.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
                o.DeleteStateOnClear = true;
            }));
        silo.UseRedisReminderService(o =>
        {
            o.ConfigurationOptions = configuration;
            o.CreateMultiplexer = _ => Task.FromResult((redis, true));
        });
    }
}
