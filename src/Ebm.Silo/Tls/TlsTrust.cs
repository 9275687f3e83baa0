using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebm.Core;

namespace Ebm.Silo.Tls;

/// <summary>
/// The certificate authorities of a cluster; those of the machine are ignored. A certificate belongs to a silo if an
/// authority of the cluster has signed it (directly), it is valid now, it permits the use, and it has the host name
/// that all silos share.
/// </summary>
internal sealed class TlsTrust
{
    /// <summary>Variable with the name of a PEM file of authorities, for silos and consoles.</summary>
    public const string Variable = "EBM_TLS_CA";

    /// <summary>Variable with the host name in silos' certificates.</summary>
    public const string NameVariable = "EBM_TLS_NAME";

    /// <summary>The default host name in silos' certificates.</summary>
    public const string DefaultName = "ebm-silo";

    /// <summary>Extended key usage of servers (RFC 5280, section 4.2.1.12).</summary>
    public const string ByServer = "1.3.6.1.5.5.7.3.1";

    /// <summary>Extended key usage of clients.</summary>
    public const string ByClient = "1.3.6.1.5.5.7.3.2";

    private readonly ReloadingFile<X509Certificate2Collection> _authorities;

    /// <summary>Reads the authorities.</summary>
    /// <exception cref="InputException">The file cannot be read, or has no certificate.</exception>
    public TlsTrust(string path, TimeProvider time) => _authorities = new(
        [path], () => TlsFiles.Read($"tls-ca ({Variable})", path, () => ReadAuthorities(path)), time);

    /// <summary>The settings in a console's environment; null if there are none.</summary>
    /// <exception cref="InputException">The file is invalid.</exception>
    public static (TlsTrust Trust, string Name)? OfConsole(TimeProvider time)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return null;
        }

        var name = Environment.GetEnvironmentVariable(NameVariable);
        return (new TlsTrust(path, time), name is { Length: > 0 } ? name : DefaultName);
    }

    /// <summary>Whether a certificate belongs to a silo of the cluster.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="name">The required host name.</param>
    /// <param name="use">The required extended key usage, an object identifier.</param>
    public bool Accepts(X509Certificate2 certificate, string name, string use)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities.Current);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(use));
        return chain.Build(certificate)
            && certificate.MatchesHostname(name, allowWildcards: false, allowCommonName: false);
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        return found.Count > 0 ? found : throw new CryptographicException("the file contains no certificate");
    }
}
