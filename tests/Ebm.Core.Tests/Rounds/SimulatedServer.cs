using Ebm.Core.Plans;
using Ebm.Core.Recovery;
using Ebm.Core.Rounds;

namespace Ebm.Core.Tests.Rounds;

/// <summary>A parameter server of one epoch: drives the protocol as a grain does.</summary>
internal sealed class SimulatedServer
{
    private readonly Simulation _world;
    private readonly Fault _fault;
    private readonly ServerProtocol _protocol;
    private readonly Dictionary<long, ulong> _versions;
    private readonly Dictionary<(long Round, int Shard), (ulong Negatives, long Version)> _negatives = [];
    private readonly SortedSet<long> _pending = [];
    private readonly IReadOnlyList<RollbackRecord> _rollbacks;
    private bool _over;

    public SimulatedServer(Simulation world, Fault fault)
    {
        (_world, _fault) = (world, fault);
        var from = world.Store.Latest();
        var plan = fault == Fault.OutcomesNotWaitedFor
            ? world.Model.Plan with { Outcomes = OutcomePlan.None }
            : world.Model.Plan;
        _protocol = ServerProtocol.Start(plan, world.Store.NextEpoch(), from.Attempt, from.AttemptBase, from.Round);
        _versions = new Dictionary<long, ulong>(from.Versions);
        _rollbacks = from.Rollbacks;
        foreach (var pending in _fault == Fault.PendingOutcomesForgotten
            ? []
            : Plan.Outcomes.PendingAt(from.Round, from.AttemptBase))
        {
            Evaluate(pending);
        }

        for (var shard = 0; _fault == Fault.NoRewind && shard < Plan.Shards; shard++)
        {
            _protocol.OnRewound(shard, State.Epoch);
        }
    }

    private RoundPlan Plan => _protocol.Plan;

    private ServerState State => _protocol.State;

    /// <summary>Sends the order again to shards that have not answered.</summary>
    public void Tick()
    {
        foreach (var shard in _over ? [] : _protocol.ToRewind.ToArray())
        {
            _world.Send(() => _world.Shard(shard).OnRewind(_protocol.Rewind, this));
        }

        if (!_over)
        {
            Ask();
            SendOutstanding();
        }
    }

    public void RequestStop()
    {
        var stop = _protocol.RequestStop();
        Simulation.Require(
            stop >= State.Applied && stop <= Plan.Rounds && stop == _protocol.RequestStop(), "a stop moves");
        Finish();
    }

    public void OnRewound(int shard, long epoch)
    {
        _protocol.OnRewound(shard, epoch);
        Tick();
    }

    /// <summary>A shard lacks rounds: everything is rewound to the checkpoint.</summary>
    public void OnGap(long epoch)
    {
        if (!_over && epoch == State.Epoch)
        {
            _over = true;
            _world.TakeOver(this);
        }
    }

    public void OnRefused(long knownEpoch) => _over |= knownEpoch > State.Epoch;

    public void OnNegatives(int shard, AdvanceOrder order, ulong negatives, long version)
    {
        if (_over || !_protocol.OnNegatives(shard, order))
        {
            return;
        }

        _negatives.Add((order.Round, shard), (negatives, version));

        // Before the update: with a lag, the next round overlaps it.
        Ask();
        while (!_over && _protocol.ReadyToUpdate)
        {
            Apply(State.Applied + 1);
        }

        if (!_over)
        {
            Ask();
            Finish();
        }
    }

    private void Ask()
    {
        if (_protocol.NextOrder() is not null)
        {
            SendOutstanding();
        }
    }

    private void SendOutstanding()
    {
        if (_protocol.Outstanding is not { } order)
        {
            return;
        }

        var from = _fault == Fault.NewestVersionSampled ? State.Applied : order.Version;
        if (!_versions.TryGetValue(from, out var parameters))
        {
            throw new ViolationException($"I3: version {from} was forgotten and is needed");
        }

        foreach (var shard in _protocol.ToAdvance.ToArray())
        {
            _world.Send(() => _world.Shard(shard).OnAdvance(order with { Version = from }, parameters, this));
        }
    }

    private void Apply(long round)
    {
        var (attempt, attemptBase) = (State.Attempt, State.AttemptBase);
        Simulation.Require(
            attempt < _world.Model.FinalAttempt || round <= _world.Model.FinalRound, "I5: the run went beyond its end");
        var due = Math.Max(_world.Model.Bases[attempt], round - 1 - Plan.Lag);
        var arrived = Enumerable.Range(0, Plan.Shards).Select(s => _negatives[(round, s)]).ToArray();
        Simulation.Require(arrived.All(n => n.Version == due), "I3: negatives of another version than the one due");
        var parameters = Model.Update(_versions[round - 1], [.. arrived.Select(n => n.Negatives)], attempt, round);
        Simulation.Require(
            _world.Model.Parameters[(attempt, round)] == parameters,
            $"I2, I5: version {round} differs from an undisturbed run");
        _versions.Add(round, parameters);
        _protocol.OnApplied(round);
        if (Model.Diverges(parameters, attempt))
        {
            RollBack(_fault == Fault.RollbackToAnyCheckpoint
                ? _world.Store.NewestBefore(attempt, round).Round
                : _world.Model.Points.Target(round, attemptBase, _rollbacks));
        }
        else if (_protocol.IsCheckpoint(round))
        {
            Write(round);
        }

        if (!_over && Plan.Outcomes.IsEvaluated(round, attemptBase))
        {
            Evaluate(round);
        }

        foreach (var old in _versions.Keys.Where(v => v < _protocol.OldestVersionNeeded).ToArray())
        {
            _versions.Remove(old);
        }
    }

    private void Write(long round)
    {
        var oldest = _fault == Fault.CheckpointWithoutLaggedVersions ? round : Plan.OldestIn(round, State.AttemptBase);
        var versions = _versions.Where(v => v.Key >= oldest).ToDictionary();

        // Copies that are missing were taken by a server that replaced this one: it cannot write, either.
        var copies = _world.Store.Shards.Select(s => s.Copies.GetValueOrDefault((State.Attempt, round))).ToArray();
        var written = _world.Store.Write(
            State.Epoch, new StoredCheckpoint(State.Attempt, State.AttemptBase, round, versions, copies)
            {
                Scheduled = Plan.IsScheduled(round),
                Rollbacks = _rollbacks,
            });
        Simulation.Require(!written || !copies.Contains(0UL), "a checkpoint lacks the slots of a shard");
        _over |= !written;
    }

    /// <summary>
    /// Takes any time; a checkpoint that was evaluated in vain is evaluated again, and gives the same.
    /// </summary>
    private void Evaluate(long round)
    {
        _pending.Add(round);
        Send();

        void Send() => _world.Send(Arrive, Send);

        void Arrive()
        {
            if (_over || !_pending.Contains(round))
            {
                return;
            }

            if (_pending.Min < round)
            {
                Send();
            }
            else if (_world.Store.Find(State.Attempt, round) is { } checkpoint)
            {
                OnEvaluated(round, Model.Ends(checkpoint.Versions[round]));
            }
            else
            {
                MakeAgain(round);
            }
        }
    }

    private void OnEvaluated(long round, bool ends)
    {
        _pending.Remove(round);
        _protocol.OnOutcome(round, ends);
        Ask();
        Finish();
    }

    /// <summary>
    /// A checkpoint that is needed is lost: the run rewinds further in the same attempt, and reaches this round again.
    /// </summary>
    private void MakeAgain(long round)
    {
        _over = true;
        if (_world.Store.Forget(State.Epoch, State.Attempt, round))
        {
            _world.Detours++;
            _world.TakeOver(this);
        }
    }

    /// <summary>The next attempt begins where its first checkpoint is written, in one step.</summary>
    private void RollBack(long to)
    {
        if (_world.Store.Find(State.Attempt, to) is not { } healthy)
        {
            MakeAgain(to);
            return;
        }

        _over = true;
        if (_world.Store.Write(State.Epoch, healthy with
        {
            Attempt = State.Attempt + 1,
            AttemptBase = to,
            Versions = new() { [to] = healthy.Versions[to] },
            Scheduled = true,
            Rollbacks = [.. _rollbacks, Model.BackTo(to, State.Attempt + 1)],
        }))
        {
            _world.Rollbacks++;
            _world.TakeOver(this);
        }
    }

    /// <summary>A run that was stopped is resumed by the next server.</summary>
    private void Finish()
    {
        if (_protocol.IsFinished && State.Applied < Plan.Rounds && !_protocol.IsEndedByOutcome)
        {
            _over = true;
            _world.TakeOver(this);
        }
    }
}
