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
    int Attempt, long AttemptBase, long Round, Dictionary<long, ulong> Versions, ulong[] Slots);

/// <summary>Slots, checkpoints and the run's epoch: what survives.</summary>
internal sealed class SimulatedStore
{
    private readonly Fault _fault;
    private readonly Dictionary<(int, long), StoredCheckpoint> _checkpoints = [];

    public SimulatedStore(Model model, Fault fault)
    {
        _fault = fault;
        Shards = [.. model.InitialSlots().Select(s => new StoredShard { Slots = s })];
        _checkpoints[(0, 0)] = new StoredCheckpoint(0, 0, 0, new() { [0] = model.Initial }, model.InitialSlots());
    }

    public StoredShard[] Shards { get; }

    public long Epoch { get; private set; }

    public long NextEpoch() => ++Epoch;

    public StoredCheckpoint Latest() => _checkpoints[_checkpoints.Keys.Max()];

    public StoredCheckpoint Find(int attempt, long round) => _checkpoints[(attempt, round)];

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
            Note(stored, order.Epoch);
            stored.Position = ShardFence.After(order);
            if (_fault != Fault.RewindLeavesSlots)
            {
                stored.Slots = Find(order.Attempt, order.Round).Slots[shard];
            }
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
        _checkpoints[(checkpoint.Attempt, checkpoint.Round)] = checkpoint;
        return true;
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
