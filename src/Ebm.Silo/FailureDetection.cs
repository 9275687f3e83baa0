using Orleans.Configuration;

namespace Ebm.Silo;

/// <summary>
/// Timeouts of the failure detection. A killed process refuses connections, so its probes fail at once: it is declared
/// dead after two to four seconds. A silo that hangs, or is cut off, is declared dead after nine to thirteen. Shorter
/// timeouts would declare silos dead whose CPU is only busy. Measurements: docs/reliability.md.
/// </summary>
internal static class FailureDetection
{
    /// <summary>Interval and timeout of probes.</summary>
    public static readonly TimeSpan Probe = TimeSpan.FromSeconds(1.5);

    /// <summary>Number of consecutive failed probes after which a silo votes another dead.</summary>
    public const int MissedProbes = 3;

    /// <summary>Configures the timeouts of a silo.</summary>
    public static void Configure(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = Probe;

            // Orleans considers a silo alive for three times this long after its last message on any connection.
            o.MaxProbeTimeout = 2 * Probe;
            o.NumMissedProbesLimit = MissedProbes;
            o.NumVotesForDeathDeclaration = 2;
            o.TableRefreshTimeout = TimeSpan.FromSeconds(5);
            o.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
            o.DefunctSiloCleanupPeriod = TimeSpan.FromMinutes(10);
            o.DefunctSiloExpiration = TimeSpan.FromHours(1);
        });
        silo.Configure<SiloMessagingOptions>(o =>
        {
            // Bounds how long a call to a silo that hangs delays its caller.
            o.ResponseTimeout = TimeSpan.FromSeconds(15);
            o.SystemResponseTimeout = TimeSpan.FromSeconds(15);
        });
    }
}
