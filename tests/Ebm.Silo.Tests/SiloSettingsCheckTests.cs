using System.Globalization;
using System.Reflection;
using Ebm.Core;

namespace Ebm.Silo.Tests;

public sealed class SiloSettingsCheckTests
{
    [Fact]
    public void Check_TheDefaultsWithRedisAndNoKeys_Passes() => SiloSettingsCheck.Check(Valid());

    [Theory]
    [InlineData("Name", "", "name: expected 1 to 63 characters")]
    [InlineData("Redis", "ebm://localhost:30000", "redis: expected the address of Redis")]
    [InlineData("Roles", "", "roles: expected control, chains, or control,chains")]
    [InlineData("Roles", "control,control", "roles: ")]
    [InlineData("Roles", "worker", "roles: ")]
    [InlineData("Lanes", "-1", "lanes: ")]
    [InlineData("Address", "localhost", "address: expected an IP address")]
    [InlineData("ListenAddress", "everywhere", "listen-address: ")]
    [InlineData("SiloPort", "0", "silo-port: ")]
    [InlineData("SiloPort", "65536", "silo-port: ")]
    [InlineData("GatewayPort", "11111", "gateway-port: expected a port other than silo-port")]
    [InlineData("AccessKeys", "", "access-keys: ")]
    [InlineData("TlsKey", "tls.key", "tls-certificate, tls-key, tls-ca: ")]
    [InlineData("TlsName", "", "tls-name: ")]
    [InlineData("OperationsPort", "30000", "operations-port: expected a port other than")]
    [InlineData("OtlpEndpoint", "collector:4317", "otlp-endpoint: ")]
    [InlineData("TraceRatio", "1.5", "trace-ratio: ")]
    [InlineData("TraceRatio", "NaN", "trace-ratio: ")]
    [InlineData("PagesPort", "-1", "pages-port: ")]
    [InlineData("PagesAddress", "here", "pages-address: ")]
    [InlineData("Checkpoints", "/nowhere", "checkpoints: expected redis, or an existing directory")]
    [InlineData("DataRoots", "data", "data-roots: expected absolute folders")]
    [InlineData("MemoryLimit", "-1", "memory-limit: ")]
    [InlineData("ShutdownSeconds", "0", "shutdown-seconds: ")]
    [InlineData("Log", "Loud", "log: expected Trace, Debug")]
    public void Check_AnInvalidSetting_NamesItAndTheValidValues(string name, string value, string expected)
    {
        var settings = Valid();
        var property = typeof(SiloSettings).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;
        property.SetValue(
            settings, Convert.ChangeType(value, property.PropertyType, CultureInfo.InvariantCulture));

        var e = Assert.Throws<InputException>(() => SiloSettingsCheck.Check(settings));

        Assert.StartsWith(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("found '", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_PagesOfASiloWithoutControl_NamesTheRole()
    {
        var settings = Valid();
        (settings.Roles, settings.PagesPort) = ("chains", 8080);

        var e = Assert.Throws<InputException>(() => SiloSettingsCheck.Check(settings));

        Assert.Contains("the role control", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_AGatewayPortWithoutControl_IsIgnored()
    {
        var settings = Valid();
        (settings.Roles, settings.GatewayPort) = ("chains", 0);

        SiloSettingsCheck.Check(settings);
    }

    private static SiloSettings Valid() => new() { Redis = "redis://localhost:6379", AccessKeys = "none" };
}
