using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ebm.Core;

namespace Ebm.Silo.Tls;

/// <summary>
/// A silo's certificate with its key, and its trusted authorities, from PEM files; reloaded without a restart.
/// </summary>
internal sealed class TlsFiles
{
    private readonly ReloadingFile<X509Certificate2> _certificate;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InputException">A file cannot be read, or the key does not match the certificate.</exception>
    public TlsFiles(string certificate, string key, string authorities, TimeProvider time)
    {
        _certificate = new([certificate, key], () => Read(
            "tls-certificate, tls-key",
            $"{certificate}, {key}", () => X509Certificate2.CreateFromPemFile(certificate, key)), time);
        Trust = new TlsTrust(authorities, time);
    }

    /// <summary>The certificate, with its key.</summary>
    public X509Certificate2 Certificate => _certificate.Current;

    /// <summary>The trusted authorities.</summary>
    public TlsTrust Trust { get; }

    internal static T Read<T>(string setting, string files, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new InputException($"{setting}: {files}: expected PEM files that match: {e.Message}", e);
        }
    }
}
