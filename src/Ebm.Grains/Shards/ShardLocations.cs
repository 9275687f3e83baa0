using System.Globalization;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Placement;
using Ebm.Contracts.Runs;
using Ebm.Grains.Placement;
using Ebm.Grains.Reporting;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Shards;

/// <summary>
/// Where a run's shards are, as their answers tell, and who has to move when silos join: Orleans leaves a grain where
/// it is. Used from the parameter server's turns only.
/// </summary>
internal sealed partial class ShardLocations(
    string run, RunRequirements needs, IGrainFactory grains, LaneSilos silos, RunReporter reporter, TimeProvider time,
    ILogger<ShardLocations> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Dictionary<int, SiloAddress> _places = [];
    private readonly ShardLosses _losses = new();
    private (int Silos, MembershipVersion Version, int Shards) _balanced;
    private long _looked;

    /// <summary>A shard answered from a silo; where the one that it was on has died meanwhile, that is told.</summary>
    public void Note(int shard, long round, string silo)
    {
        if (silo.Length > 0)
        {
            var now = SiloAddress.FromParsableString(silo);
            if (_places.TryGetValue(shard, out var before) && !before.Equals(now) && silos.IsDead(before))
            {
                TellLoss(shard, round, before);
            }

            _places[shard] = now;
        }
    }

    /// <summary>The silo that each shard last answered from, by shard; empty where it has not answered.</summary>
    public IReadOnlyList<string> Of(int shards) =>
        [.. Enumerable.Range(0, shards)
            .Select(shard => _places.TryGetValue(shard, out var silo) ? silo.ToParsableString() : "")];

    /// <summary>A call to a shard failed. Where its silo has died, that is told and counted.</summary>
    /// <exception cref="Core.EbmException">The same round of this shard has taken too many silos with it.</exception>
    public void Failed(ShardKey shard, long round)
    {
        if (_places.TryGetValue(shard.Shard, out var silo) && silos.IsDead(silo))
        {
            _places.Remove(shard.Shard);
            TellLoss(shard.Shard, round, silo);
            _losses.Note(shard, round, silo);
        }
    }

    /// <summary>Asks shards to move, where the membership has changed and silos hold less than their share.</summary>
    public void Balance()
    {
        if (time.GetElapsedTime(_looked) < Interval)
        {
            return;
        }

        // Once for each membership; again when a silo has said later what it is, or when shards were placed since.
        _looked = time.GetTimestamp();
        var there = silos.For(needs);
        var now = (there.Count, silos.Version, _places.Count);
        if (now == _balanced)
        {
            return;
        }

        _balanced = now;
        foreach (var (shard, to) in ShardBalance.Moves(_places, there))
        {
            LogMove(new ShardKey(run, shard), to);
            _ = Move(shard, to);
        }
    }

    private void TellLoss(int shard, long round, SiloAddress silo) =>
        reporter.Event(RunEventKind.Notice, round, string.Create(
        CultureInfo.InvariantCulture, $"shard {shard} was lost with {silos.NameOf(silo)}; it goes on elsewhere"));

    private async Task Move(int shard, SiloAddress to)
    {
        try
        {
            await grains.GetGrain<IChainGrain>(new ShardKey(run, shard).ToString()).Move(to.ToParsableString());
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // It stays where it is, or is placed anew: either is right.
            LogStays(e, new ShardKey(run, shard));
        }
    }

    [LoggerMessage(50, LogLevel.Information, "Shard {Shard} moves to {Silo}")]
    private partial void LogMove(ShardKey shard, SiloAddress silo);

    [LoggerMessage(51, LogLevel.Information, "Shard {Shard} did not move")]
    private partial void LogStays(Exception e, ShardKey shard);
}
