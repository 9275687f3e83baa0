using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebm.Core;

namespace Ebm.Silo.Tls;

/// <summary>
/// The authorities of a cluster, alone: what the machine trusts plays no part. A certificate is a silo's if one of them
/// has signed it (directly), it is valid now, may be used for what it is used for, and is for the name that all silos
/// share.
/// </summary>
public sealed class TlsTrust
{
    /// <summary>Variable with the name of a PEM file of authorities, of silos and consoles.</summary>
    public const string Variable = "EBM_TLS_CA";

    /// <summary>Variable with the name that silos' certificates are for.</summary>
    public const string NameVariable = "EBM_TLS_NAME";

    /// <summary>The name that silos' certificates are for, where nothing else is set.</summary>
    public const string UsualName = "ebm-silo";

    /// <summary>Use of a certificate by who accepts a connection (RFC 5280, section 4.2.1.12).</summary>
    public const string ByServer = "1.3.6.1.5.5.7.3.1";

    /// <summary>Use of a certificate by who opens a connection.</summary>
    public const string ByClient = "1.3.6.1.5.5.7.3.2";

    private readonly ReloadingFile<X509Certificate2Collection> _authorities;

    /// <summary>Reads the authorities.</summary>
    /// <exception cref="InputException">The file cannot be read, or has none.</exception>
    public TlsTrust(string path, TimeProvider time) =>
        _authorities = new([path], () => TlsFiles.Read($"tls-ca ({Variable})", path, () =>
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(path);
        return found.Count > 0 ? found : throw new CryptographicException("there is no certificate in it");
    }), time);

    /// <summary>What a console's environment says; null where it says nothing.</summary>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public static (TlsTrust Trust, string Name)? OfConsole(TimeProvider time) =>
        Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path ? null
            : (new TlsTrust(path, time), Environment.GetEnvironmentVariable(NameVariable) is { Length: > 0 } name
                ? name
                : UsualName);

    /// <summary>Whether a certificate is one of the cluster's silos.</summary>
    /// <param name="certificate">It.</param>
    /// <param name="name">The name that it has to be for.</param>
    /// <param name="use">What it is used for, as an object identifier.</param>
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
}
