using System.Net;
using System.Net.Sockets;
using Ebm.Client.Local;

namespace Ebm.EndToEnd.Tests.Pages;

/// <summary>A cluster of processes whose control silo serves the pages.</summary>
internal static class PagesCluster
{
    public static async Task<LocalCluster> Start(int silos)
    {
        var cluster = new LocalCluster(new LocalClusterOptions { Silos = silos, Control = 1, PagesPort = FreePort() });
        try
        {
            await cluster.Start(TestContext.Current.CancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
