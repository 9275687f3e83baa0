using Orleans.Configuration;

namespace Ebm.Silo;

/// <summary>
/// How soon a silo is found dead. A killed process refuses connections, so its probes fail at once: two to four
/// seconds. One that hangs, or is cut off, takes nine to thirteen. Shorter times would take a silo for dead whose
/// processor is only busy. docs/reliability.md has what was measured.
/// </summary>
public static class FailureDetection
{
    /// <summary>Time between probes, and how long one may take.</summary>
    public static readonly TimeSpan Probe = TimeSpan.FromSeconds(1.5);

    /// <summary>Probes that fail in a row before a silo votes another dead.</summary>
    public const int MissedProbes = 3;

    /// <summary>Sets them.</summary>
    public static void Configure(ISiloBuilder silo)
    {
        silo.Configure<ClusterMembershipOptions>(o =>
        {
            o.ProbeTimeout = Probe;

            // Orleans believes in a silo for three times this long after it last heard from it on any connection.
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
            // The longest that a call to a silo which hangs may hold up its caller.
            o.ResponseTimeout = TimeSpan.FromSeconds(15);
            o.SystemResponseTimeout = TimeSpan.FromSeconds(15);
        });
    }
}
