using Ebm.Contracts.Epochs;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The times of the latest rounds, for monitoring: a few numbers a round, in bounded space. Used from the parameter
/// server's turns only.
/// </summary>
internal sealed class RoundTimings(TimeProvider time)
{
    /// <summary>Rounds that are kept.</summary>
    public const int Kept = 12;

    /// <summary>Shards that are recorded: the first ones of a run that has more.</summary>
    public const int MostShards = 64;

    private readonly long _start = time.GetTimestamp();
    private readonly SortedList<long, Entry> _rounds = [];
    private Entry _current = new([], []);
    private double _mark;

    /// <summary>Seconds since the epoch was created.</summary>
    public double Now => time.GetElapsedTime(_start).TotalSeconds;

    /// <summary>The server begins a round.</summary>
    public void Begin(long round) => (_current, _mark) = (FindOrAdd(round), Now);

    /// <summary>The server has finished a stage of its round, and begins the next one.</summary>
    public void RecordStage(RoundStage stage)
    {
        var now = Now;
        _current.Stages.Add(new StageTimes(stage, _mark, now));
        _mark = now;
    }

    /// <summary>A shard's negatives have arrived; with a lag, that is before the server begins their round.</summary>
    /// <param name="round">The round.</param>
    /// <param name="shard">The shard's number.</param>
    /// <param name="asked">When it was asked, in seconds like <see cref="Now"/>.</param>
    /// <param name="work">Its own times.</param>
    public void RecordArrival(long round, int shard, double asked, ShardSeconds work)
    {
        if (shard < MostShards)
        {
            FindOrAdd(round).Shards.Add(new ShardTimes(shard, asked, Now, work));
        }
    }

    /// <summary>The latest rounds, in order.</summary>
    public IReadOnlyList<RoundTimes> ListRounds() =>
        [.. _rounds.Select(round => new RoundTimes(round.Key, [.. round.Value.Stages], [.. round.Value.Shards]))];

    private Entry FindOrAdd(long round)
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

    private sealed record Entry(List<StageTimes> Stages, List<ShardTimes> Shards);
}
