using Ebm.Contracts;
using Ebm.Contracts.Access;
using Ebm.Contracts.Cluster;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>A client of a cluster that puts arbitrary values into the context of its calls.</summary>
internal sealed class Outsider : IAsyncDisposable
{
    private readonly IHost _host;

    private Outsider(IHost host) => _host = host;

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>Connects; with <paramref name="context"/> in the context of every call.</summary>
    public static async Task<Outsider> Connect(string address, params (string Key, object Value)[] context)
    {
        var parsed = ClusterAddress.Parse(address);
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddErrorSerialization();
        builder.UseOrleansClient(client =>
        {
            client.UseRedisClustering(o => o.ConfigurationOptions = parsed.ToRedis());
            client.Configure<Orleans.Configuration.ClusterOptions>(
                o => (o.ClusterId, o.ServiceId) = (parsed.ClusterId, parsed.ServiceId));
            client.AddOutgoingGrainCallFilter(call =>
            {
                foreach (var (key, value) in context)
                {
                    RequestContext.Set(key, value);
                }

                return call.Invoke();
            });
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new Outsider(host);
    }

    /// <summary>One with a token.</summary>
    public static Task<Outsider> With(string address, string token) => Connect(address, (CallerContext.Token, token));

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
