using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Ebm.EndToEnd.Tests.Console;
using Ebm.Silo.Tests.Tls;
using Ebm.Silo.Tls;

namespace Ebm.EndToEnd.Tests.Access;

/// <summary>A cluster that speaks TLS: what it does, and who cannot get in.</summary>
[Trait("Category", "Long")]
public sealed class TlsTests(TlsCluster cluster) : IClassFixture<TlsCluster>
{
    // Longer than a silo waits for a handshake, and than what it closes takes to be closed here.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Moment = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private int SiloPort => SiloPorts.Silo(cluster.Process);

    private int GatewayPort => SiloPorts.Gateway(cluster.Process);

    /// <summary>
    /// Blocks of more than a megabyte cross between the silos, and the bits are those of training in one process.
    /// </summary>
    [Fact]
    public async Task Submit_ToAClusterThatSpeaksTls_HasTheHashesOfTrain()
    {
        using var console = Trusting(cluster.Authority);
        var spec = console.File("wide.yaml", """
            name: wide
            data: {kind: toy, density: two-moons, count: 200}
            energy: {kind: mlp, hidden: [600, 600]}
            sampler: {kind: langevin, steps: 2, stepSize: 0.01, range: [-4, 4]}
            negatives: {chains: 128, shards: 2}
            learning: {rounds: 5, batch: 64}
            """);
        var expected = await console.Train(spec);
        var ended = await console.Run("submit", spec, "--cluster", cluster.Address, "--output", "json");
        Assert.True(ended.ExitCode == 0, ended.Errors);
        Assert.Equal(
            expected.GetProperty("stateSha256").GetString(), ended.Json[^1].GetProperty("stateSha256").GetString());
    }

    [Fact]
    public async Task Console_WithoutTheAuthority_FailsAndNamesTheRemedy()
    {
        foreach (var (console, expected) in new[] { (new EbmConsole(), "set EBM_TLS_CA"),
            (Trusting(cluster.Other), "a certificate of the authority in") })
        {
            using (console)
            {
                var ended = await console.Run("list", "--cluster", cluster.Address, "--connect-timeout", "0");
                Assert.Equal(6, ended.ExitCode);
                Assert.Contains(expected, ended.Errors, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task SiloPort_WithTls_AcceptsOnlySilosOfTheAuthority()
    {
        using var silo = cluster.Authority.Sign();
        Assert.True(await StaysOpen(SiloPort, silo), "a silo was not let in");
        Assert.False(await StaysOpen(SiloPort, null), "one without a certificate");
        foreach (var (what, certificate) in new[]
        {
            ("another authority's", cluster.Other.Sign()),
            ("one that has expired", cluster.Authority.Sign(expired: true)),
            ("one for another name", cluster.Authority.Sign("other")),
            ("one for servers alone", cluster.Authority.Sign(uses: TlsTrust.ByServer)),
        })
        {
            using (certificate)
            {
                Assert.False(await StaysOpen(SiloPort, certificate), what);
            }
        }
    }

    [Fact]
    public async Task Ports_OfWhoSpeaksNoTls_AreClosedToThem()
    {
        foreach (var port in new[] { SiloPort, GatewayPort })
        {
            Assert.True(await IsClosed(port, new byte[64], Moment), "bytes that are no handshake");
            await Assert.ThrowsAnyAsync<Exception>(() => Handshake(port, null, SslProtocols.Tls12));
        }

        // Nothing at all, and the beginning of a handshake that never continues.
        byte[][] hanging = [[], [0x16, 3, 1, 0, 200, 1]];
        Assert.All(await Task.WhenAll(hanging.Select(sent => IsClosed(GatewayPort, sent, Patience))), Assert.True);
    }

    [Fact]
    public async Task Certificate_ThatIsRenewed_CountsWithoutARestart()
    {
        async Task<string> Shown()
        {
            await using var stream = await Handshake(GatewayPort, null, SslProtocols.Tls13);
            return stream.RemoteCertificate!.GetSerialNumberString();
        }

        var before = await Shown();
        cluster.Authority.Write(cluster.Files.Folder);
        for (var begun = TimeProvider.System.GetTimestamp(); await Shown() == before; await Task.Delay(200, Cancel))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, "the old certificate is still shown");
        }
    }

    private EbmConsole Trusting(TestAuthority authority) => new()
    {
        Variables = new Dictionary<string, string> { [TlsTrust.Variable] = cluster.Files.File(
            authority == cluster.Authority ? "trusted.crt" : "other.crt", authority.Pem) },
    };

    private async Task<SslStream> Handshake(int port, X509Certificate2? certificate, SslProtocols protocols)
    {
        var trust = new TlsTrust(Path.Combine(cluster.Files.Folder, "ca.crt"), TimeProvider.System);
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancel);
        var stream = new SslStream(
            client.GetStream(), leaveInnerStreamOpen: false,
            (_, shown, _, _) =>
                shown is X509Certificate2 silo && trust.Accepts(silo, TlsTrust.DefaultName, TlsTrust.ByServer));
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = TlsTrust.DefaultName, EnabledSslProtocols = protocols,
                ClientCertificates = certificate is null ? [] : [certificate],
            },
            Cancel);
        return stream;
    }

    // With TLS 1.3 a client is refused after its side of the handshake is over.
    private async Task<bool> StaysOpen(int port, X509Certificate2? certificate)
    {
        try
        {
            await using var stream = await Handshake(port, certificate, SslProtocols.Tls13);
            return !await Ends(stream, Moment);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> IsClosed(int port, byte[] sent, TimeSpan within)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancel);
        await client.GetStream().WriteAsync(sent, Cancel);
        return await Ends(client.GetStream(), within);
    }

    private static async Task<bool> Ends(Stream stream, TimeSpan within)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        time.CancelAfter(within);
        try
        {
            while (await stream.ReadAsync(new byte[1024], time.Token) > 0)
            {
            }

            return true;
        }
        catch (IOException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
