using Ebm.Contracts.Runs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Cluster;

/// <summary>
/// On every control silo: touches each run when the silo starts and when the membership changes, so that runs whose
/// grains died with a silo go on at once, also when all silos had died. Looks at the store in between, so that its
/// absence is noticed.
/// </summary>
internal sealed partial class RunReactivator(
    IGrainFactory grains,
    IRunCatalogue catalogue,
    IClusterMembershipService membership,
    TimeProvider time,
    ILogger<RunReactivator> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2), LongestSilence = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var seen = MembershipVersion.MinValue;
        var touched = 0L;
        using var timer = new PeriodicTimer(Look, time);
        do
        {
            try
            {
                var version = membership.CurrentSnapshot.Version;
                var runs = await catalogue.Runs();
                if (version != seen || time.GetElapsedTime(touched) > LongestSilence)
                {
                    await Task.WhenAll(runs.Select(run => grains.GetGrain<IRunGrain>(run).Touch()));
                    (seen, touched) = (version, time.GetTimestamp());
                }
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The next pass tries again.
                LogFailed(e);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(60, LogLevel.Warning, "Runs could not all be touched; trying again")]
    private partial void LogFailed(Exception e);
}
