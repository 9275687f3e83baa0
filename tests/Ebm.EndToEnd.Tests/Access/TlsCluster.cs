using Ebm.Client.Local;
using Ebm.EndToEnd.Tests.Console;
using Ebm.Silo.Tests.Tls;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>Two silos that speak TLS with certificates of an authority.</summary>
public sealed class TlsCluster : IAsyncLifetime
{
    private LocalCluster? _cluster;

    internal EbmConsole Files { get; } = new();

    internal TestAuthority Authority { get; } = new();

    /// <summary>Another authority, which the silos do not know.</summary>
    internal TestAuthority Other { get; } = new();

    internal string Address => _cluster!.Address;

    /// <summary>The process of one of the silos.</summary>
    internal int Process => _cluster!.Silos[0].Process;

    public async ValueTask InitializeAsync()
    {
        _cluster = new LocalCluster(new LocalClusterOptions { Silos = 2,
            SiloEnvironment = Authority.Write(Files.Folder) });
        await _cluster.Start(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Authority.Dispose();
        Other.Dispose();
        Files.Dispose();
    }
}
