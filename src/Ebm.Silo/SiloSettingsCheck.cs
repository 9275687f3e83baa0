using System.Net;
using Ebm.Contracts.Cluster;
using Ebm.Core;
using Ebm.Grains.Admission;
using Ebm.Silo.Telemetry;
using Microsoft.Extensions.Logging;

namespace Ebm.Silo;

/// <summary>Checks a silo's settings.</summary>
internal static class SiloSettingsCheck
{
    private const string Control = "control", Chains = "chains";

    /// <summary>Whether the silo hosts run grains and a gateway.</summary>
    public static bool IsControl(this SiloSettings settings) => RolesOf(settings).Contains(Control);

    /// <summary>Whether the silo has lanes.</summary>
    public static bool IsChains(this SiloSettings settings) => RolesOf(settings).Contains(Chains);

    /// <summary>The address at which the silo listens.</summary>
    public static IPAddress Listening(this SiloSettings settings) =>
        IPAddress.Parse(settings.ListenAddress.Length > 0 ? settings.ListenAddress : settings.Address);

    /// <summary>Checks all settings.</summary>
    /// <exception cref="InputException">
    /// A setting is invalid; the message names the first one and its valid values.
    /// </exception>
    public static void Check(SiloSettings settings)
    {
        Require(settings.Name.Length is > 0 and <= 63, "name", settings.Name, "1 to 63 characters");
        Require(
            !ClusterAddress.Parse(settings.Redis).IsGateway, "redis", settings.Redis,
            "the address of Redis, redis://..., not of a gateway");
        var roles = RolesOf(settings);
        Require(
            roles.Length > 0 && roles.All(r => r is Control or Chains) && roles.Distinct().Count() == roles.Length,
            "roles", settings.Roles, "control, chains, or control,chains");
        Require(settings.Lanes >= 0, "lanes", settings.Lanes, "0 (one for each core or GPU) or more");
        Require(IPAddress.TryParse(settings.Address, out _), "address", settings.Address, "an IP address");
        Require(
            settings.ListenAddress.Length == 0 || IPAddress.TryParse(settings.ListenAddress, out _),
            "listen-address", settings.ListenAddress, "an IP address, 0.0.0.0 for all of this machine's");
        Require(settings.SiloPort is > 0 and <= 65535, "silo-port", settings.SiloPort, "a port from 1 to 65535");
        Require(
            settings.GatewayPort is > 0 and <= 65535 || !settings.IsControl(),
            "gateway-port", settings.GatewayPort, "a port from 1 to 65535");
        Require(
            !settings.IsControl() || settings.GatewayPort != settings.SiloPort,
            "gateway-port", settings.GatewayPort, "a port other than silo-port");
        Require(
            settings.AccessKeys.Length > 0, "access-keys", settings.AccessKeys,
            "a key file (ebm token key > FILE), or none to disable access control");
        string[] tls = [settings.TlsCertificate, settings.TlsKey, settings.TlsCa];
        Require(
            tls.All(file => file.Length == 0) || tls.All(file => file.Length > 0),
            "tls-certificate, tls-key, tls-ca", string.Join(", ", tls), "the names of three PEM "
                + "files, or none of the three");
        Require(settings.TlsName.Length > 0, "tls-name", settings.TlsName, "the host name in the silos' certificates");
        Require(
            settings.OperationsPort is >= 0 and <= 65535,
            "operations-port", settings.OperationsPort, "a port from 1 to 65535, or 0 for none");
        Require(
            settings.OperationsPort == 0
                || (settings.OperationsPort != settings.SiloPort && settings.OperationsPort != settings.GatewayPort),
            "operations-port", settings.OperationsPort, "a port other than silo-port and gateway-port");
        Require(
            settings.OtlpEndpoint.Length == 0 || TelemetryOptions.Parse(settings.OtlpEndpoint) is not null,
            "otlp-endpoint", settings.OtlpEndpoint, "the address of a collector, http://host:4317");
        Require(settings.TraceRatio is >= 0 and <= 1, "trace-ratio", settings.TraceRatio, "a share from 0 to 1");
        Require(
            settings.PagesPort is >= 0 and <= 65535 && (settings.PagesPort == 0 || settings.IsControl()),
            "pages-port", settings.PagesPort, "a port from 1 to 65535 of a silo with the role "
                + "control, or 0 for no pages");
        Require(
            IPAddress.TryParse(settings.PagesAddress, out _), "pages-address", settings.PagesAddress, "an IP address");
        Require(
            settings.Checkpoints == "redis" || Directory.Exists(settings.Checkpoints),
            "checkpoints", settings.Checkpoints, "redis, or an existing directory that all silos share");
        Require(
            FileRoots.Parse(settings.DataRoots) is not null, "data-roots", settings.DataRoots,
            "absolute folders separated by ':', in which specs may name files, or any");
        Require(
            settings.MemoryLimit >= 0, "memory-limit", settings.MemoryLimit, "MiB, or 0 for three "
                + "quarters of the process's");
        Require(
            settings.ShutdownSeconds is >= 1 and <= 3600, "shutdown-seconds", settings.ShutdownSeconds, "1 to 3600");
        Require(
            Enum.TryParse<LogLevel>(settings.Log, out _),
            "log", settings.Log, string.Join(", ", Enum.GetNames<LogLevel>()));
    }

    private static string[] RolesOf(SiloSettings settings) =>
        settings.Roles.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Require(bool holds, string name, object found, string expected)
    {
        if (!holds)
        {
            throw new InputException($"{name}: expected {expected}, found '{found}'.");
        }
    }
}
