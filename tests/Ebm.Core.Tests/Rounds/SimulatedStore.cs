using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

/// <summary>What the store holds of a shard.</summary>
internal sealed class StoredShard
{
    public ShardPosition Position { get; set; } = ShardPosition.Unwritten;

    public ulong Slots { get; set; }

    /// <summary>Negatives of the last round and the version that they were sampled from.</summary>
    public (ulong Negatives, long Version) Record { get; set; }

    public Dictionary<(int Attempt, long Round), ulong> Copies { get; } = [];

    public long NewestWriter { get; set; }
}

/// <summary>A checkpoint.</summary>
internal sealed record StoredCheckpoint(
    int Attempt, long AttemptBase, long Round, Dictionary<long, ulong> Versions, ulong[] Slots)
{
    public bool Scheduled { get; init; } = true;

    public IReadOnlyList<RollbackRecord> Rollbacks { get; init; } = [];

    public Manifest Manifest => new()
    {
        Format = Manifest.CurrentFormat,
        RunId = "",
        SpecDigest = "",
        DataDigest = "",
        Numerics = "",
        Attempt = Attempt,
        AttemptBase = AttemptBase,
        Round = Round,
        Scheduled = Scheduled,
        OptimiserStep = 0,
        Shards = 0,
        ParametersSha256 = "",
        StateSha256 = "",
        Files = [],
    };
}

/// <summary>Slots, checkpoints and the run's epoch: what survives.</summary>
internal sealed class SimulatedStore
{
    private readonly Fault _fault;
    private const int Keep = 2;

    private readonly RollbackPoints _points;
    private readonly StoredCheckpoint _beginning;
    private readonly SortedDictionary<(int Attempt, long Round), StoredCheckpoint> _checkpoints =
        new(Comparer<(int, long)>.Create((a, b) => b.CompareTo(a)));

    public SimulatedStore(Model model, Fault fault)
    {
        (_fault, _points) = (fault, model.Points);
        Shards = [.. model.InitialSlots().Select(s => new StoredShard { Slots = s })];
        _beginning = new StoredCheckpoint(0, 0, 0, new() { [0] = model.Initial }, model.InitialSlots());
    }

    public StoredShard[] Shards { get; }

    public long Epoch { get; private set; }

    public long NextEpoch() => ++Epoch;

    /// <summary>The newest one; version 0 needs none.</summary>
    public StoredCheckpoint Latest() => _checkpoints.Values.FirstOrDefault(_beginning);

    /// <summary>One of them; null where it is lost.</summary>
    public StoredCheckpoint? Find(int attempt, long round) =>
        round == 0 ? _beginning : _checkpoints.GetValueOrDefault((attempt, round));

    /// <summary>The newest of an attempt before a round, scheduled or not.</summary>
    public StoredCheckpoint NewestBefore(int attempt, long round) =>
        _checkpoints.Values.FirstOrDefault(c => c.Attempt == attempt && c.Round < round, _beginning);

    /// <summary>A checkpoint that is not the newest turns out to be torn.</summary>
    public void Tear(Dice dice)
    {
        if (_checkpoints.Count > 1)
        {
            _checkpoints.Remove(_checkpoints.Keys.ElementAt(1 + dice.Below(_checkpoints.Count - 1)));
        }
    }

    /// <summary>Deletes one, and all that are newer; false if the writer's epoch is over.</summary>
    public bool Forget(long epoch, int attempt, long round)
    {
        foreach (var key in epoch == Epoch ? _checkpoints.Keys.Where(k => k.CompareTo((attempt, round)) >= 0)
            .ToArray() : [])
        {
            _checkpoints.Remove(key);
        }

        return epoch == Epoch;
    }

    public WriteVerdict Commit(int shard, AdvanceOrder order, ulong negatives)
    {
        var stored = Shards[shard];
        var verdict = ShardFence.Commit(stored.Position, order);
        if (Broken(verdict))
        {
            verdict = WriteVerdict.Accepted;
        }

        if (verdict == WriteVerdict.Accepted)
        {
            Note(stored, order.Epoch);
            stored.Position = ShardFence.After(order);
            stored.Slots = Model.Slots(negatives);
            stored.Record = (negatives, order.Version);
            if (order.Checkpoint)
            {
                stored.Copies[(order.Attempt, order.Round)] = stored.Slots;
            }
        }

        return verdict;
    }

    public WriteVerdict Rewind(int shard, RewindOrder order)
    {
        var stored = Shards[shard];
        var verdict = ShardFence.Rewind(stored.Position, order);
        if (verdict == WriteVerdict.Accepted)
        {
            if (Find(order.Attempt, order.Round) is not { } checkpoint)
            {
                Simulation.Require(order.Epoch < Epoch, "I8: the checkpoint that a server restored is gone");
                return WriteVerdict.OutOfOrder;
            }

            Note(stored, order.Epoch);
            stored.Position = ShardFence.After(order);
            stored.Slots = _fault == Fault.RewindLeavesSlots ? stored.Slots : checkpoint.Slots[shard];
        }

        return verdict;
    }

    /// <summary>False if the writer's epoch is over.</summary>
    public bool Write(long epoch, StoredCheckpoint checkpoint)
    {
        if (epoch != Epoch && _fault != Fault.StaleCheckpointsAccepted)
        {
            return false;
        }

        Simulation.Require(epoch == Epoch, "I4: a checkpoint of an older epoch was accepted");
        var key = (checkpoint.Attempt, checkpoint.Round);
        _checkpoints[key] = checkpoint with { Scheduled = checkpoint.Scheduled
            || (_checkpoints.GetValueOrDefault(key)?.Scheduled ?? false) };
        Prune();
        return true;
    }

    private void Prune()
    {
        var retention = new CheckpointRetention(Keep, _points);
        foreach (var (key, checkpoint) in _checkpoints.ToArray())
        {
            if (retention.Drops(checkpoint.Manifest))
            {
                _checkpoints.Remove(key);
            }
            else
            {
                retention.Keep(checkpoint.Manifest, isIntact: true);
            }
        }
    }

    private bool Broken(WriteVerdict verdict) =>
        (_fault == Fault.StaleEpochsAccepted && verdict == WriteVerdict.StaleEpoch)
        || (_fault == Fault.RepeatedCommitsAccepted && verdict == WriteVerdict.AlreadyStored);

    private static void Note(StoredShard stored, long epoch)
    {
        Simulation.Require(epoch >= stored.NewestWriter, "I4: slots of an older epoch were accepted");
        stored.NewestWriter = epoch;
    }
}
