using Ebm.Core;
using Ebm.Silo.Tls;

namespace Ebm.Silo.Tests.Tls;

/// <summary>Which certificates are a cluster's.</summary>
public sealed class TlsTrustTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new(), _other = new();

    [Fact]
    public void Accepts_ACertificateOfTheAuthority_ForItsNameAndUseAlone()
    {
        var trust = new TlsTrust(_folder.Write("ca.crt", _authority.Pem), TimeProvider.System);
        using var good = _authority.Sign();
        Assert.True(trust.Accepts(good, TlsTrust.DefaultName, TlsTrust.ByServer));
        Assert.True(trust.Accepts(good, TlsTrust.DefaultName, TlsTrust.ByClient));
        Assert.False(trust.Accepts(good, "other", TlsTrust.ByServer));
        using var clients = _authority.Sign(uses: TlsTrust.ByClient);
        Assert.False(trust.Accepts(clients, TlsTrust.DefaultName, TlsTrust.ByServer));
        using var named = _authority.Sign("other");
        Assert.False(trust.Accepts(named, TlsTrust.DefaultName, TlsTrust.ByServer));
        using var expired = _authority.Sign(expired: true);
        Assert.False(trust.Accepts(expired, TlsTrust.DefaultName, TlsTrust.ByServer));
        using var foreign = _other.Sign();
        Assert.False(trust.Accepts(foreign, TlsTrust.DefaultName, TlsTrust.ByServer));
    }

    [Fact]
    public void New_OfUnusableFiles_NamesTheSetting()
    {
        var settings = _authority.Write(_folder.Path);
        var (certificate, key, authorities) =
            (settings["EBM_TLS_CERTIFICATE"], settings["EBM_TLS_KEY"], settings["EBM_TLS_CA"]);
        TlsFiles With(string c, string k, string a) => new(c, k, a, TimeProvider.System);
        Assert.NotNull(With(certificate, key, authorities).Certificate);
        var text = _folder.Write("text", "no certificate");
        Assert.StartsWith(
            "tls-certificate, tls-key: ", Assert.Throws<InputException>(() => With(text, key, authorities)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "tls-certificate, tls-key: ",
            Assert.Throws<InputException>(() => With(certificate, "/nowhere", authorities)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "tls-ca (EBM_TLS_CA): ", Assert.Throws<InputException>(() => With(certificate, key, text)).Message,
            StringComparison.Ordinal);
        _other.Write(Directory.CreateDirectory(Path.Combine(_folder.Path, "other")).FullName);
        Assert.Throws<InputException>(
            () => With(certificate, Path.Combine(_folder.Path, "other", "tls.key"), authorities));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
        _folder.Dispose();
    }
}
