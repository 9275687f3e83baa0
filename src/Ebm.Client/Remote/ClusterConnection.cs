using System.Net;
using System.Net.Sockets;
using Ebm.Client.Access;
using Ebm.Contracts;
using Ebm.Contracts.Cluster;
using Ebm.Contracts.Runs;
using Ebm.Silo;
using Ebm.Silo.Telemetry;
using Ebm.Silo.Tls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;

namespace Ebm.Client.Remote;

/// <summary>This console as a client of a cluster.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan
        GatewayRefresh = TimeSpan.FromSeconds(3), ResponseTimeout = TimeSpan.FromSeconds(30),
        Goodbye = TimeSpan.FromSeconds(2);

    private readonly IHost _host;

    private ClusterConnection(IHost host, ClusterName name) =>
        (_host, Name, Calls) = (host, name, new ClusterCalls(name, TimeProvider.System));

    /// <summary>The cluster.</summary>
    public ClusterName Name { get; }

    /// <summary>Calls to it that are made until they are answered.</summary>
    public ClusterCalls Calls { get; }

    /// <summary>Its grains.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Connects; waits a while for a Redis or silos that are just coming up.</summary>
    /// <exception cref="UnreachableException">They did not.</exception>
    public static async Task<ClusterConnection> Open(ClusterName name, bool verbose)
    {
        var waiting = new ClusterWait(name, TimeProvider.System);
        if (!name.Address.IsGateway)
        {
            await RedisProbe.WaitFor(name, waiting, TimeProvider.System);
        }

        var host = Build(name.Address, await GatewayOf(name), waiting, verbose);
        try
        {
            await host.StartAsync();
            return new ClusterConnection(host, name);
        }
        catch (Exception e) when (TransientErrors.Is(e)
            || e is OperationCanceledException or StackExchange.Redis.RedisException)
        {
            // One that is half connected may wait for answers that never come; the process ends without it.
            var ending = new Thread(host.Dispose) { IsBackground = true };
            ending.Start();
            ending.Join(Goodbye);
            throw waiting.GaveUp(GatewayRetry.What(waiting.Last ?? e, name.Address), e);
        }
    }

    /// <summary>All runs, the earliest submitted first.</summary>
    public Task<IReadOnlyList<RunStatus>> Runs() => Calls.Retry(Grains.GetGrain<IClusterGrain>(0).Runs);

    /// <summary>All silos that are up, by name.</summary>
    public Task<IReadOnlyList<SiloInfo>> Silos() => Calls.Retry(Grains.GetGrain<IClusterGrain>(0).Silos);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(Goodbye);
        await _host.StopAsync(soon.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _host.Dispose();
    }

    /// <summary>The one gateway that was named, as a client needs it; null where Redis knows them.</summary>
    private static async Task<IPEndPoint?> GatewayOf(ClusterName name)
    {
        if (!name.Address.IsGateway)
        {
            return null;
        }

        try
        {
            var addresses = await Dns.GetHostAddressesAsync(name.Address.Host);
            return new IPEndPoint(addresses.OrderBy(a => a.AddressFamily).First(), name.Address.Port);
        }
        catch (SocketException e)
        {
            throw new UnreachableException(
                $"the cluster {name} cannot be reached: there is no host '{name.Address.Host}' ({e.Message}).", e);
        }
    }

    private static IHost Build(ClusterAddress address, IPEndPoint? gateway, ClusterWait waiting, bool verbose)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(verbose ? LogLevel.Information : LogLevel.None);
        builder.Services.Configure<ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Services.AddErrorSerialization();
        builder.Services.AddTelemetry(TelemetryOptions.OfConsole());
        builder.UseOrleansClient(client =>
        {
            if (gateway is null)
            {
                client.UseRedisClustering(o => o.ConfigurationOptions = address.ToRedis());
            }
            else
            {
                client.UseStaticClustering(gateway);
            }

            client.Configure<Orleans.Configuration.ClusterOptions>(
                o => (o.ClusterId, o.ServiceId) = (address.ClusterId, address.ServiceId));
            client.Configure<GatewayOptions>(o => o.GatewayListRefreshPeriod = GatewayRefresh);
            client.Configure<ClientMessagingOptions>(o => o.ResponseTimeout = ResponseTimeout);
            client.AddActivityPropagation();
            if (TlsTrust.OfConsole(TimeProvider.System) is var (trust, certified))
            {
                client.UseTls(trust, certified);
            }

            client.AddOutgoingGrainCallFilter(new TokenCallFilter(TokenFile.Find(address)));
            client.UseConnectionRetryFilter(new GatewayRetry(waiting, TimeProvider.System));
        });
        return builder.Build();
    }
}
