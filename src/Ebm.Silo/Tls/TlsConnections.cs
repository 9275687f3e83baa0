using System.Security.Authentication;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Ebm.Silo.Tls;

/// <summary>
/// TLS 1.3 between silos, each of which shows its certificate; and at the gateway, which shows its own, while clients
/// show tokens instead.
/// </summary>
public static class TlsConnections
{
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10);

    /// <summary>A client's side.</summary>
    /// <param name="client">The client.</param>
    /// <param name="trust">Whose certificates it takes.</param>
    /// <param name="name">The name that they are for.</param>
    public static IClientBuilder UseTls(this IClientBuilder client, TlsTrust trust, string name) =>
        client.Configure<ClientConnectionOptions>(
        options => options.ConfigureConnection(connection => connection.UseClientTls(Outbound(trust, name))));

    /// <summary>A silo's sides.</summary>
    internal static ISiloBuilder UseTls(this ISiloBuilder silo, TlsFiles files, string name) =>
        silo.Configure<SiloConnectionOptions>(options =>
    {
        options.ConfigureSiloInboundConnection(
            connection => connection.UseServerTls(Inbound(files, name, mutual: true)));
        options.ConfigureGatewayInboundConnection(
            connection => connection.UseServerTls(Inbound(files, name, mutual: false)));
        options.ConfigureSiloOutboundConnection(connection =>
        {
            var outbound = Outbound(files.Trust, name);
            outbound.LocalClientCertificateSelector = (_, _, _, _, _) => files.Certificate;
            connection.UseClientTls(outbound);
        });
    });

    private static TlsOptions Inbound(TlsFiles files, string name, bool mutual) => new()
    {
        SslProtocols = SslProtocols.Tls13,
        HandshakeTimeout = Handshake,
        LocalServerCertificateSelector = (_, _) => files.Certificate,
        RemoteCertificateMode = mutual ? RemoteCertificateMode.RequireCertificate : RemoteCertificateMode.NoCertificate,
        RemoteCertificateValidation = (remote, _, _) => files.Trust.Accepts(remote, name, TlsTrust.ByClient),
    };

    private static TlsOptions Outbound(TlsTrust trust, string name) => new()
    {
        SslProtocols = SslProtocols.Tls13,
        HandshakeTimeout = Handshake,
        RemoteCertificateValidation = (remote, _, _) => trust.Accepts(remote, name, TlsTrust.ByServer),
        OnAuthenticateAsClient = (_, options) => options.TargetHost = name,
    };
}
