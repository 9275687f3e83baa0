using Ebm.Contracts.Chains;
using Ebm.Contracts.Epochs;
using Ebm.Core;
using Ebm.Core.Plans;
using Ebm.Core.Rounds;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;

namespace Ebm.Grains.Chains;

/// <summary>What an activation of a shard holds and does. Used from that grain's turns only.</summary>
internal sealed class ShardWork(
    ShardKey key,
    RunContext run,
    ParameterCache parameters,
    DeviceLanes lanes,
    IReplayStore replay,
    ICheckpointStore checkpoints,
    FaultPoints faults,
    SiloMetrics metrics,
    TimeProvider time)
{
    private readonly ShardPlan _plan = run.Plan.Shards[key.Shard];
    private readonly ShardRounds _rounds = new(run, run.Plan.Shards[key.Shard], lanes, metrics, time);
    private readonly SlotWrites _writes = new(run.Plan.Shards[key.Shard].Slots, metrics);
    private ShardRecord? _record;
    private ShardProtocol _protocol = new(ShardPosition.Unwritten);
    private byte[] _slots = [];
    private LastRound? _last;
    private Running? _running;
    private string? _spoilt;

    /// <summary>Where the shard stands.</summary>
    public ShardPosition Position => _protocol.Position;

    /// <summary>
    /// Takes up what the store holds. A record whose checksum does not fit is none: the shard then lacks every round,
    /// and the server puts it back to a checkpoint.
    /// </summary>
    public async Task Load(Action<string> spoilt)
    {
        await Reload();
        if (_spoilt is { } problem)
        {
            spoilt(problem);
        }
    }

    /// <summary>Gives running work up, and everything else that this activation holds.</summary>
    public void Close()
    {
        Cancel();
        Hold([]);
    }

    /// <summary>Gives running work up.</summary>
    public void Cancel() => _running?.Cancellation.Cancel();

    /// <summary>Waits until no work is running, however it ends.</summary>
    public async Task Settled()
    {
        if (_running is { } running)
        {
            await running.Work.ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    /// <summary>Does what an order means, and waits for the work that it starts or joins.</summary>
    public async Task<AdvanceReply> Advance(AdvanceOrder order)
    {
        var decision = _protocol.OnAdvance(order);
        if (decision is ShardDecision.ReportGap)
        {
            await CatchUp(order);
            decision = _protocol.OnAdvance(order);
        }

        switch (decision)
        {
            case ShardDecision.RefuseStale refuse:
                return new AdvanceReply { Outcome = AdvanceOutcome.StaleEpoch, Epoch = refuse.KnownEpoch };
            case ShardDecision.Superseded:
                return Reply(AdvanceOutcome.Superseded);
            case ShardDecision.ReportGap:
                return Reply(AdvanceOutcome.Gap) with { Problem = _spoilt };
            case ShardDecision.AnswerRecorded:
                return Answer(order);
            case ShardDecision.StartRound:
                Cancel();
                var cancellation = new CancellationTokenSource();
                _running = new Running(order, cancellation, Compute(order, cancellation.Token));
                break;
        }

        await _running!.Work;
        return Answer(order);
    }

    /// <summary>The encoded negatives of the shard's last round, if that is what is asked for.</summary>
    public byte[]? LastNegatives(AdvanceOrder order) =>
        Position.Round == order.Round && Position.Attempt == order.Attempt && Position.Answerable
            ? Recall().States
            : null;

    /// <summary>
    /// Puts the shard back to its slots at a checkpoint; false if the order is of a server that was replaced.
    /// </summary>
    public async Task<bool> Rewind(RewindOrder order)
    {
        switch (_protocol.OnRewind(order))
        {
            case WriteVerdict.AlreadyStored:
                return true;
            case WriteVerdict.StaleEpoch:
                return false;
        }

        Cancel();
        if (run.HasSlots)
        {
            var slots = order.Round == 0
                ? await _rounds.FreshSlots()
                : await checkpoints.ReadSlots(key.Run, order.Attempt, order.Round, key.Shard);
            if (slots.Length != _plan.Slots * run.Codec.BytesPerState)
            {
                throw new EbmException($"the checkpoint of round {order.Round} holds {slots.Length} bytes for it; "
                    + $"expected {_plan.Slots} slots of {run.Codec.BytesPerState}");
            }

            switch (await replay.Rewind(key, order, slots, run.Codec.BytesPerState))
            {
                case WriteVerdict.StaleEpoch:
                    return false;
                case WriteVerdict.AlreadyStored:
                    // Another activation did it, and may have gone on since.
                    await Reload();
                    return true;
            }

            Hold(slots);
            _spoilt = null;
        }

        // An order of the old server may have started work while this waited.
        Cancel();
        _last = null;
        _protocol.OnRewound(order);
        return true;
    }

    private async Task Compute(AdvanceOrder order, CancellationToken cancellationToken)
    {
        using var atWork = metrics.ShardWorks();
        try
        {
            // Parameters older than what this order names are asked for by nobody after it.
            var version = new VersionKey(key.Run, order.Epoch, order.Version);
            using var lease = await parameters.Lease(version, run.Energy.Layout, order.Version)
                ?? throw new StaleEpochException(key.Run, order.Epoch, Position.Epoch);
            var draw = _rounds.Draw(order.Attempt, order.Round);
            var begun = time.GetTimestamp();
            var (states, figures) = await _rounds.Run(
                lease, order, _rounds.Gather(_slots, draw), draw, cancellationToken);
            var sampled = time.GetTimestamp();
            cancellationToken.ThrowIfCancellationRequested();
            var isStored = figures.NonFinite == 0 && run.HasSlots;
            if (isStored)
            {
                faults.Reached(FaultPoint.BeforeCommit, key.Run, order.Round);
                await Commit(new ShardCommit(order, figures, draw.Slots, states));
                faults.Reached(FaultPoint.AfterCommit, key.Run, order.Round);
            }

            var work = new ShardSeconds(
                time.GetElapsedTime(begun, sampled).TotalSeconds, time.GetElapsedTime(sampled).TotalSeconds);
            if (!_protocol.OnCommitted(order))
            {
                throw new OperationCanceledException(
                    $"Shard {key} was set back while it worked on round {order.Round}.");
            }

            if (isStored)
            {
                _rounds.Scatter(states, draw, _slots);
                _writes.Note(draw, order.Round);
            }

            _last = new LastRound(order.Attempt, order.Round, order.Version, states, figures, work);
        }
        catch
        {
            _protocol.OnFailed(order);
            throw;
        }
    }

    private async Task Commit(ShardCommit commit)
    {
        var verdict = await replay.Commit(key, commit);
        if (verdict == WriteVerdict.StaleEpoch)
        {
            throw new StaleEpochException(key.Run, commit.Order.Epoch, Position.Epoch);
        }

        if (verdict == WriteVerdict.OutOfOrder)
        {
            await Reload();
            throw new OperationCanceledException(
                $"The store refused round {commit.Order.Round} of shard {key}: "
                    + "another activation has written meanwhile.");
        }
    }

    /// <summary>
    /// The order is ahead of this activation's picture, which may merely be old: the shard went on elsewhere. Nothing
    /// is lost with an activation that has no slots: it takes up wherever the server is.
    /// </summary>
    private async Task CatchUp(AdvanceOrder order)
    {
        if (run.HasSlots)
        {
            await Reload();
        }
        else
        {
            Cancel();
            _protocol = new ShardProtocol(new ShardPosition(order.Epoch, order.Attempt, order.Round - 1, false));
        }
    }

    /// <summary>Takes up what the store holds, where that is not what this activation believes.</summary>
    private async Task Reload()
    {
        if (!run.HasSlots)
        {
            return;
        }

        ShardRecord? stored = null;
        try
        {
            (stored, _spoilt) = (await replay.Read(key), null);
        }
        catch (CorruptRecordException e)
        {
            _spoilt = e.Message;
        }

        // A store that has forgotten the shard (it came back older than the run) is believed too: the server then
        // rewinds.
        var position = stored?.Position ?? ShardPosition.Unwritten;
        if (position != Position)
        {
            Cancel();
            Hold(stored?.Slots ?? []);
            (_record, _last, _protocol) = (stored, null, new ShardProtocol(position));
        }
    }

    private void Hold(byte[] slots)
    {
        metrics.Hold((slots.Length - _slots.Length) / run.Codec.BytesPerState);
        _slots = slots;
    }

    private AdvanceReply Answer(AdvanceOrder order)
    {
        var last = Recall();
        if (last.Round != order.Round || last.Attempt != order.Attempt)
        {
            // The shard was rewound while this call waited.
            return Reply(AdvanceOutcome.Superseded);
        }

        return last.In(Reply(AdvanceOutcome.Done));
    }

    /// <summary>The last round, from memory or, in a new activation, from the slots that it wrote.</summary>
    private LastRound Recall()
    {
        if (_last is null && _record is { } record && record.Position == Position)
        {
            var draw = _rounds.Draw(Position.Attempt, Position.Round);
            _last = new LastRound(
                Position.Attempt, Position.Round, record.Version, _rounds.Gather(_slots, draw), record.Figures,
                default);
        }

        return _last ?? new LastRound(Position.Attempt, -1, -1, [], default, default);
    }

    private AdvanceReply Reply(AdvanceOutcome outcome) =>
        new() { Outcome = outcome, LastRound = Position.Round, Epoch = Position.Epoch };

    private sealed record Running(AdvanceOrder Order, CancellationTokenSource Cancellation, Task Work);
}
