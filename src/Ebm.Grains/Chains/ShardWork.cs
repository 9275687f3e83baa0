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

/// <summary>State and work of an activation of a shard. Used from that grain's turns only.</summary>
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
    private string? _corrupt;

    /// <summary>The shard's position.</summary>
    public ShardPosition Position => _protocol.Position;

    /// <summary>
    /// Loads the shard's record. One whose checksum does not match counts as missing: the shard then lacks every round,
    /// and the server rewinds it to a checkpoint.
    /// </summary>
    public async Task Load(Action<string> corrupt)
    {
        await Reload();
        if (_corrupt is { } problem)
        {
            corrupt(problem);
        }
    }

    /// <summary>Cancels running work, and frees the slots.</summary>
    public void Close()
    {
        Cancel();
        Hold([]);
    }

    /// <summary>Cancels running work.</summary>
    public void Cancel() => _running?.Cancellation.Cancel();

    /// <summary>Waits until running work has ended, also by an error.</summary>
    public async Task WaitUntilIdle()
    {
        const ConfigureAwaitOptions Quietly =
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;
        if (_running is { } running)
        {
            await running.Work.ConfigureAwait(Quietly);
        }
    }

    /// <summary>Executes an order, and waits for the work that it starts or joins.</summary>
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
                return Reply(AdvanceOutcome.Gap) with { Problem = _corrupt };
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

    /// <summary>The encoded negatives of an order's round; null if it is not the shard's last round.</summary>
    public byte[]? FindNegatives(AdvanceOrder order) =>
        Position.Round == order.Round && Position.Attempt == order.Attempt && Position.Answerable
            ? Recall().States
            : null;

    /// <summary>Rewinds the shard to its slots at a checkpoint; false if the order's server was replaced.</summary>
    /// <exception cref="EbmException">The checkpoint's slots are missing, altered, or of another size.</exception>
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
                ? await _rounds.DrawFreshSlots()
                : await checkpoints.ReadSlots(key.Run, order.Attempt, order.Round, key.Shard);
            if (slots.Length != _plan.Slots * run.Codec.BytesPerState)
            {
                throw new EbmException(
                    $"the checkpoint of round {order.Round} has {slots.Length} bytes of slots for shard {key.Shard}; "
                    + $"expected {_plan.Slots} slots of {run.Codec.BytesPerState} bytes");
            }

            switch (await replay.Rewind(key, order, slots, run.Codec.BytesPerState))
            {
                case WriteVerdict.StaleEpoch:
                    return false;
                case WriteVerdict.AlreadyStored:
                    // Another activation did it, and may have computed rounds since.
                    await Reload();
                    return true;
            }

            Hold(slots);
            _corrupt = null;
        }

        // An order of the former server may have started work while this waited.
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
            // No later order of this shard names an older version.
            var version = new VersionKey(key.Run, order.Epoch, order.Version);
            using var lease = await parameters.Lease(version, run.Energy.Layout, order.Version)
                ?? throw new StaleEpochException(key.Run, order.Epoch, Position.Epoch);
            var draw = _rounds.Draw(order.Attempt, order.Round);
            var begun = time.GetTimestamp();
            var (states, figures) = await _rounds.Run(
                lease, order, _rounds.Chains.Gather(_slots, draw), draw, cancellationToken);
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
                throw new OperationCanceledException($"Shard {key} was rewound while it computed round {order.Round}.");
            }

            if (isStored)
            {
                _rounds.Chains.Scatter(states, draw, _slots);
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
                $"Round {commit.Order.Round} of shard {key} is out of order: another activation wrote meanwhile.");
        }
    }

    /// <summary>
    /// The order is ahead of this activation's position, which may be out of date: the shard may have continued
    /// elsewhere. Without slots an activation has nothing to lose: it follows the server to any round.
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

    /// <summary>Loads the shard's record, if it differs from this activation's position.</summary>
    private async Task Reload()
    {
        if (!run.HasSlots)
        {
            return;
        }

        ShardRecord? stored = null;
        try
        {
            (stored, _corrupt) = (await replay.Read(key), null);
        }
        catch (CorruptRecordException e)
        {
            _corrupt = e.Message;
        }

        // Also if the record is missing, because the store came back older than the run: the server then rewinds.
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

        return last.AddTo(Reply(AdvanceOutcome.Done));
    }

    /// <summary>The last round, from memory or, in a new activation, from the slots that it wrote.</summary>
    private LastRound Recall()
    {
        if (_last is null && _record is { } record && record.Position == Position)
        {
            var draw = _rounds.Draw(Position.Attempt, Position.Round);
            var states = _rounds.Chains.Gather(_slots, draw);
            _last = new LastRound(
                Position.Attempt, Position.Round, record.Version, states, record.Figures, default);
        }

        return _last ?? new LastRound(Position.Attempt, -1, -1, [], default, default);
    }

    private AdvanceReply Reply(AdvanceOutcome outcome) =>
        new() { Outcome = outcome, LastRound = Position.Round, Epoch = Position.Epoch };

    private sealed record Running(AdvanceOrder Order, CancellationTokenSource Cancellation, Task Work);
}
