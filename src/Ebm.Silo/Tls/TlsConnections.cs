using System.Security.Authentication;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace Ebm.Silo.Tls;

/// <summary>
/// TLS 1.3. Between silos both sides present a certificate. At the gateway the silo presents one, and clients present
/// tokens instead.
/// </summary>
internal static class TlsConnections
{
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(10);

    /// <summary>Enables TLS on a client's connections.</summary>
    /// <param name="client">The client.</param>
    /// <param name="trust">The trusted authorities.</param>
    /// <param name="name">The host name in the silos' certificates.</param>
    public static IClientBuilder UseTls(this IClientBuilder client, TlsTrust trust, string name) =>
        client.Configure<ClientConnectionOptions>(options =>
            options.ConfigureConnection(connection => connection.UseClientTls(Outbound(trust, name))));

    /// <summary>Enables TLS on all connections of a silo.</summary>
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
