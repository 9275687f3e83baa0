using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebm.Silo;

/// <summary>
/// Ends a silo that the membership no longer knows, as after a Redis that came back without its last seconds: it would
/// compute for nobody. Whoever runs the process starts it again.
/// </summary>
internal sealed partial class MembershipGuard(
    IClusterMembershipService membership, ILocalSiloDetails self, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<MembershipGuard> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private const int Patience = 3;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var missing = 0;
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            missing = membership.CurrentSnapshot.Members.ContainsKey(self.SiloAddress) ? 0 : missing + 1;
            if (missing >= Patience)
            {
                LogForgotten();
                Environment.ExitCode = 3;
                lifetime.StopApplication();
                return;
            }
        }
    }

    [LoggerMessage(
        70, LogLevel.Critical,
        "The cluster's membership does not know this silo any more; it stops, to be started again")]
    private partial void LogForgotten();
}
