using Ebm.Contracts.Epochs;

namespace Ebm.Grains.Epochs;

/// <summary>
/// Where the time of the latest rounds went: a few numbers a round, in bounded space, for people who look. Used from
/// the parameter server's turns only.
/// </summary>
internal sealed class RoundTimings(TimeProvider time)
{
    /// <summary>Rounds that are remembered.</summary>
    public const int Kept = 12;

    /// <summary>Shards that are noted: the first ones of a run that has more.</summary>
    public const int MostShards = 64;

    private readonly long _start = time.GetTimestamp();
    private readonly SortedList<long, Entry> _rounds = [];
    private Entry _current = new([], []);
    private double _mark;

    /// <summary>Seconds since the server began.</summary>
    public double Now => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The server begins with a round.</summary>
    public void Begin(long round) => (_current, _mark) = (Of(round), Now);

    /// <summary>The server is done with a part of its round, and goes on with the next.</summary>
    public void Lap(RoundStage part)
    {
        var now = Now;
        _current.Parts.Add(new StageTimes(part, _mark, now));
        _mark = now;
    }

    /// <summary>A shard's negatives have arrived; with a lag before the server begins with their round.</summary>
    public void Arrived(long round, int shard, double asked, ShardSeconds work)
    {
        if (shard < MostShards)
        {
            Of(round).Shards.Add(new ShardTimes(shard, asked, Now, work));
        }
    }

    /// <summary>The latest rounds, in order.</summary>
    public IReadOnlyList<RoundTimes> Latest() =>
        [.. _rounds.Select(round => new RoundTimes(round.Key, [.. round.Value.Parts], [.. round.Value.Shards]))];

    private Entry Of(long round)
    {
        if (!_rounds.TryGetValue(round, out var entry))
        {
            _rounds.Add(round, entry = new Entry([], []));
            if (_rounds.Count > Kept)
            {
                _rounds.RemoveAt(0);
            }
        }

        return entry;
    }

    private sealed record Entry(List<StageTimes> Parts, List<ShardTimes> Shards);
}
