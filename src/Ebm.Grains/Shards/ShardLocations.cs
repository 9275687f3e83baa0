using System.Globalization;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Placement;
using Ebm.Grains.Placement;
using Ebm.Grains.Reporting;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Shards;

/// <summary>
/// The silos of a run's shards, as their answers name them. Moves shards when silos join, because Orleans does not move
/// grains. Used from the parameter server's turns only.
/// </summary>
internal sealed partial class ShardLocations(
    string run, RunRequirements needs, IGrainFactory grains, LaneSilos silos, RunReporter reporter, TimeProvider time,
    ILogger<ShardLocations> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<int, SiloAddress> _locations = [];
    private readonly ShardLosses _losses = new();
    private (int Silos, MembershipVersion Version, int Shards) _balanced;
    private long _checked;

    /// <summary>Records the silo that a shard has answered from; if its former silo died, reports the loss.</summary>
    public void Record(int shard, long round, string silo)
    {
        if (silo.Length > 0)
        {
            var now = SiloAddress.FromParsableString(silo);
            if (_locations.TryGetValue(shard, out var before) && !before.Equals(now) && silos.IsDead(before))
            {
                ReportLoss(shard, round, before);
            }

            _locations[shard] = now;
        }
    }

    /// <summary>The silo that each shard last answered from, by shard; empty where it has not answered.</summary>
    public IReadOnlyList<string> List(int shards) =>
    [
        .. Enumerable.Range(0, shards)
            .Select(shard => _locations.TryGetValue(shard, out var silo) ? silo.ToParsableString() : ""),
    ];

    /// <summary>Records a failed call to a shard. If the shard's silo died, reports and counts the loss.</summary>
    /// <exception cref="Core.EbmException">Too many silos have died at this round of the shard.</exception>
    public void RecordFailure(ShardKey shard, long round)
    {
        if (_locations.TryGetValue(shard.Shard, out var silo) && silos.IsDead(silo))
        {
            _locations.Remove(shard.Shard);
            ReportLoss(shard.Shard, round, silo);
            _losses.Record(shard, round, silo);
        }
    }

    /// <summary>Asks shards to move if the membership has changed and silos hold less than their share.</summary>
    public void Balance()
    {
        if (time.GetElapsedTime(_checked) < Interval)
        {
            return;
        }

        // Once for each membership; again when a silo's labels arrive later, or when shards were placed since.
        _checked = time.GetTimestamp();
        var suitable = silos.For(needs);
        var now = (suitable.Count, silos.Version, _locations.Count);
        if (now == _balanced)
        {
            return;
        }

        _balanced = now;
        foreach (var (shard, to) in ShardBalance.Moves(_locations, suitable))
        {
            LogMove(new ShardKey(run, shard), to);
            _ = Move(shard, to);
        }
    }

    private void ReportLoss(int shard, long round, SiloAddress silo)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"shard {shard} was lost with {silos.NameOf(silo)}; it continues elsewhere");
        reporter.RecordNotice(round, text);
    }

    private async Task Move(int shard, SiloAddress to)
    {
        try
        {
            await grains.GetGrain<IChainGrain>(new ShardKey(run, shard).ToString()).Move(to.ToParsableString());
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // It stays, or is placed again: both are right.
            LogStays(e, new ShardKey(run, shard));
        }
    }

    [LoggerMessage(50, LogLevel.Information, "Shard {Shard} moves to {Silo}")]
    private partial void LogMove(ShardKey shard, SiloAddress silo);

    [LoggerMessage(51, LogLevel.Information, "Shard {Shard} did not move")]
    private partial void LogStays(Exception e, ShardKey shard);
}
