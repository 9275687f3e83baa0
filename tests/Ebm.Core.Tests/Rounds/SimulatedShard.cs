using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

/// <summary>
/// An activation of a shard: drives the protocol as a grain does. It works on the slots that it once loaded.
/// </summary>
internal sealed class SimulatedShard
{
    private readonly Simulation _world;
    private readonly ShardProtocol _protocol;
    private ulong _slots;

    public SimulatedShard(Simulation world, int number)
    {
        (_world, Number) = (world, number);
        _protocol = new ShardProtocol(Stored.Position);
        _slots = Stored.Slots;
    }

    public int Number { get; }

    private StoredShard Stored => _world.Store.Shards[Number];

    public void OnRewind(RewindOrder order, SimulatedServer server)
    {
        var verdict = _protocol.OnRewind(order);
        if (verdict == WriteVerdict.Accepted)
        {
            verdict = _world.Store.Rewind(Number, order);
            if (verdict == WriteVerdict.OutOfOrder)
            {
                // What a server that was replaced wants to go back to is gone; the next server's order follows.
                return;
            }

            _protocol.OnRewound(order);
            _slots = Stored.Slots;
        }

        if (verdict == WriteVerdict.StaleEpoch)
        {
            // The store knows a newer server than this activation did.
            _world.Replace(this);
            return;
        }

        if (Stored.Position.Epoch == order.Epoch)
        {
            _world.Send(() => server.OnRewound(Number, order.Epoch));
        }
    }

    public void OnAdvance(AdvanceOrder order, ulong parameters, SimulatedServer server)
    {
        switch (_protocol.OnAdvance(order))
        {
            case ShardDecision.StartRound:
                var slots = _slots;
                _world.Send(() => Work(order, slots, parameters, server), lost: () => _protocol.OnFailed(order));
                break;
            case ShardDecision.AnswerRecorded:
                Reply(order, server);
                break;
            case ShardDecision.ReportGap when Stored.Position != _protocol.Position:
                _world.Replace(this);
                break;
            case ShardDecision.ReportGap:
                _world.Send(() => server.OnGap(order.Epoch));
                break;
            case ShardDecision.RefuseStale refuse:
                _world.Send(() => server.OnRefused(refuse.KnownEpoch));
                break;
        }
    }

    private void Work(AdvanceOrder order, ulong slots, ulong parameters, SimulatedServer server)
    {
        var negatives = Model.Negatives(Number, slots, parameters, order.Attempt, order.Round);
        if (_world.Store.Commit(Number, order, negatives) is WriteVerdict.Accepted or WriteVerdict.AlreadyStored)
        {
            if (_protocol.OnCommitted(order))
            {
                _slots = Stored.Slots;
                Reply(order, server);
            }
        }
        else
        {
            _world.Replace(this);
        }
    }

    /// <summary>The answer is what the store holds: the same bytes the first time and every later one.</summary>
    private void Reply(AdvanceOrder order, SimulatedServer server)
    {
        if (Stored.Position != ShardFence.After(order))
        {
            _world.Replace(this);
            return;
        }

        var (negatives, version) = Stored.Record;
        _world.Send(() => server.OnNegatives(Number, order, negatives, version));
    }
}
