using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebm.Silo;

/// <summary>
/// Stops a silo that is no longer in the membership table, for example after Redis lost its last seconds: no other silo
/// would call it. The supervisor of the process restarts it.
/// </summary>
internal sealed partial class MembershipGuard(
    IClusterMembershipService membership, ILocalSiloDetails self, IHostApplicationLifetime lifetime, TimeProvider time,
    ILogger<MembershipGuard> logger) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);
    private const int MaximumMisses = 3;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var missing = 0;
        using var timer = new PeriodicTimer(PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            missing = membership.CurrentSnapshot.Members.ContainsKey(self.SiloAddress) ? 0 : missing + 1;
            if (missing >= MaximumMisses)
            {
                LogNotAMember();
                Environment.ExitCode = 3;
                lifetime.StopApplication();
                return;
            }
        }
    }

    [LoggerMessage(
        70, LogLevel.Critical, "This silo is no longer in the cluster's membership table; "
            + "it stops and must be restarted")]
    private partial void LogNotAMember();
}
