using Ebm.Contracts.Runs;
using Ebm.Grains.Devices;
using Ebm.Silo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ebm.Grains.Tests.Runs;

/// <summary>An embedded silo over a home.</summary>
internal sealed class Embedded : IAsyncDisposable
{
    private readonly IHost _host;

    private Embedded(IHost host) => _host = host;

    public static async Task<Embedded> Start(string home, int lanes = 2)
    {
        var host = EmbeddedSilo.Build(
            new EmbeddedOptions { Home = home, Lanes = new LaneOptions { Lanes = lanes, Device = "cpu" } });
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new Embedded(host);
    }

    public IServiceProvider Services => _host.Services;

    public IRunGrain Run(string id) => Services.GetRequiredService<IGrainFactory>().GetGrain<IRunGrain>(id);

    /// <summary>Takes everything away from under the running grains.</summary>
    public void Crash() => _host.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        _host.Dispose();
    }
}
