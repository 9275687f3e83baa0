using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebm.Silo.Tls;

namespace Ebm.Silo.Tests.Tls;

/// <summary>An authority that signs what it is asked to.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=an authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _root = request.CreateSelfSigned(Now.AddDays(-2), Now.AddDays(2));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Its own certificate, as PEM.</summary>
    public string Pem => _root.ExportCertificatePem();

    /// <summary>A certificate with its key.</summary>
    public X509Certificate2 Sign(string name = TlsTrust.DefaultName, bool expired = false, params string[] uses)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + TlsTrust.DefaultName, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var purposes = new OidCollection();
        foreach (var use in uses.Length > 0 ? uses : [TlsTrust.ByServer, TlsTrust.ByClient])
        {
            purposes.Add(new Oid(use));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
        using var signed = request.Create(
            _root, Now.AddDays(-1), expired ? Now.AddMinutes(-1) : Now.AddDays(1), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>Writes the files of a silo into a folder; returns its settings as variables.</summary>
    public Dictionary<string, string> Write(string folder)
    {
        using var certificate = Sign();
        var (file, key, authority) = (Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"),
            Path.Combine(folder, "ca.crt"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        using var secret = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(key, secret.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(authority, Pem);
        return new() { ["EBM_TLS_CERTIFICATE"] = file, ["EBM_TLS_KEY"] = key, ["EBM_TLS_CA"] = authority };
    }

    public void Dispose() => _root.Dispose();
}
