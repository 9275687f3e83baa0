using Ebm.Contracts.Cluster;

namespace Ebm.Silo.Pages;

/// <summary>
/// Watches which silos there are and what is on them. The membership is at hand; the counts are asked for beside it,
/// and a silo that does not answer holds up nothing but them.
/// </summary>
internal sealed class ClusterFeed(
    SiloTable silos, IClusterGrain cluster, bool dashboard, TimeProvider time,
    CancellationToken stopping) : LiveFeed(time, stopping)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500), CountEvery = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time = time;
    private Dictionary<string, SiloInfo> _counts = [];
    private Task _counting = Task.CompletedTask;
    private long _counted;
    private string _silos = "[]";

    /// <inheritdoc/>
    protected override Task Open()
    {
        _silos = Silos();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override async Task Poll()
    {
        await Task.Delay(Every, _time);
        if (_counting.IsCompleted && (_counts.Count == 0 || _time.GetElapsedTime(_counted) > CountEvery))
        {
            (_counting, _counted) = (Count(), _time.GetTimestamp());
        }

        var silos = Silos();
        lock (Gate)
        {
            if (silos != _silos)
            {
                _silos = silos;
                Tell(Snapshot());
            }
        }
    }

    /// <inheritdoc/>
    protected override LiveMessage Snapshot() => new("silos", _silos);

    private async Task Count()
    {
        try
        {
            _counts = (await cluster.Silos()).ToDictionary(silo => silo.Address);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // One of them is dying: the next count leaves it out.
        }
    }

    private string Silos() => PagesJson.Write(new
    {
        dashboard,
        silos = silos.Rows().Select(row =>
        {
            var counts = row.Status == SiloStatus.Active ? _counts.GetValueOrDefault(row.Address) : null;
            return new { silo = row, counts?.Shards, counts?.Servers, counts?.Runs };
        }),
    });
}
