using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Runs;

/// <summary>Supervision of a run: its parameter server, its waiting, its record.</summary>
internal sealed partial class RunGrain
{
    private const string ReminderName = "bring-back";

    /// <summary>Parameter servers that may be lost at the same round.</summary>
    private const int MostLosses = 5;

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private WaitCause? _saidWaiting;
    private bool _hasReminder;

    /// <summary>Starts a parameter server of the next epoch, from the latest checkpoint.</summary>
    private async Task TakeOver(RewindCause? cause, bool stop, string? recovery = null)
    {
        using var span = Tracing.StartOwn(Catalogue.TakeOverSpan).With(Catalogue.Run, Id)
            .With(Catalogue.Cause, recovery ?? "started");
        KeepWatch();
        if (!HasSilo())
        {
            await Enter(stop ? RunState.Stopping : Record.Epoch == 0 ? RunState.Pending : RunState.Running, cause);
            SayWaiting();
            return;
        }

        (_waiting, _serverSilo, _isHandover) = (null, null, false);
        Record.Epoch = await fence.Raise(Id, Record.Epoch + 1);
        Record.Servers++;
        span.With(Catalogue.Epoch, Record.Epoch);
        if (recovery is not null)
        {
            metrics.Recovered(recovery);
        }

        await Enter(stop ? RunState.Stopping : RunState.Running, cause);
        SayWaiting();
        await Server().Start(new ServerStart(Record.Epoch, Description(), stop, Record.Trace));
    }

    /// <summary>
    /// The parameter server has ended because its silo is about to stop. As soon as its activation is gone, another
    /// takes over.
    /// </summary>
    private async Task Leave(string silo, RewindCause? cause)
    {
        (_leaving, _isHandover) = (silo, true);
        await Enter(Record.State, cause);
        this.RegisterGrainTimer(
            LookAfter, new GrainTimerCreationOptions(
                TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan) { KeepAlive = true });
    }

    /// <summary>Whether some silo can compute the run; if none can, records the missing resource.</summary>
    private bool HasSilo()
    {
        if (!options.Value.WaitForSilos || silos.For(Needs()).Count > 0)
        {
            return true;
        }

        // Better the silo that is about to stop than none.
        _leaving = null;
        var needs = Needs();
        _waiting = silos.For(needs).Count > 0 ? null : needs.Missing;
        return _waiting is null;
    }

    private IParameterServerGrain Server()
    {
        Needs().Attach();
        return GrainFactory.GetGrain<IParameterServerGrain>(Id);
    }

    private async Task<bool> ServerWorks()
    {
        if (!IsUnfinished || Record.Epoch == 0)
        {
            return false;
        }

        var beat = await Server().Beat();
        return beat.Busy && beat.Epoch == Record.Epoch;
    }

    private void KeepWatch()
    {
        var interval = options.Value.WatchInterval;
        _watch ??= this.RegisterGrainTimer(
            LookAfter, new GrainTimerCreationOptions(interval, interval) { KeepAlive = true });
    }

    private void EndWatch()
    {
        _watch?.Dispose();
        _watch = null;
    }

    /// <summary>
    /// Looks for a sign of life of the parameter server. A call to a silo that died fails until the cluster knows it is
    /// dead; then the call activates an idle server elsewhere, and the run continues there.
    /// </summary>
    private async Task LookAfter(CancellationToken cancellationToken)
    {
        SayWaiting();
        try
        {
            if (!HasSilo())
            {
                SayWaiting();
            }
            else if (IsUnfinished && !await ServerWorks())
            {
                // It may have ended, and said so, while this waited.
                if (IsUnfinished)
                {
                    await Replace();
                }
            }
            else if (Record.State == RunState.Stopping)
            {
                // The earlier call may have been lost.
                await Server().Stop();
            }
            else
            {
                _waiting = null;
            }

            await EnsureReminder();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogWatchFailed(e, Id);
        }

        SayWaiting();
    }

    /// <summary>
    /// Puts another server in the place of one that is not there, unless the same round has taken several already.
    /// </summary>
    private async Task Replace()
    {
        var isLoss = _waiting is null && !_isHandover && Record.Epoch > 0;
        if (isLoss)
        {
            Record.Losses = Record.LostAt == Record.Round ? Record.Losses + 1 : 1;
            Record.LostAt = Record.Round;
        }

        if (isLoss && Record.Losses >= MostLosses)
        {
            await End(RunState.Failed, $"{MostLosses} parameter servers were lost one after the other "
                + $"at round {Record.Round}. "
                + "Look at their silos' logs for why they died (memory?); then resume the run.");
            return;
        }

        await TakeOver(
            isLoss ? new RewindCause { Reason = RewindReason.ServerLost } : null,
            stop: Record.State == RunState.Stopping,
            recovery: isLoss ? Catalogue.ServerLost : _isHandover ? Catalogue.SiloLeaving : Catalogue.Waited);
    }

    private WaitCause? FindWait() => !IsUnfinished ? null
        : health.Waiting is { } store ? new WaitCause(WaitReason.Store, store)
        : _waiting is { } missing ? new WaitCause(WaitReason.Silo, missing)
        : null;

    /// <summary>Notes once that the run waits, and once that it does not any more.</summary>
    private void SayWaiting()
    {
        var waiting = FindWait();
        if (waiting is not null == _saidWaiting is not null)
        {
            return;
        }

        var kind = waiting is not null ? RunEventKind.Waiting : RunEventKind.Resumed;
        var said = new RunEvent(0, kind, Record.Round) { Wait = waiting ?? _saidWaiting };
        _saidWaiting = waiting;
        Book.Add(said, Record.Epoch);
        LogWaiting(Id, RunEventText.Of(said)!);
    }

    private async Task End(RunState state, string? reason)
    {
        EndWatch();
        _waiting = null;
        if (state == RunState.Failed)
        {
            metrics.Failed();
        }

        SetState(state, reason);
        await Write();
        await EndReminder();
    }

    private async Task Enter(RunState state, RewindCause? cause)
    {
        SetState(state, cause?.ToString());
        if (cause is not null)
        {
            Book.Add(new RunEvent(0, RunEventKind.Rewound, Record.Round) { Rewind = cause }, Record.Epoch);
        }

        await Write();
    }

    private void SetState(RunState state, string? reason)
    {
        (Record.State, Record.Reason) = (state, reason);
        Book.Add(new RunEvent(0, RunEventKind.State, Record.Round) { State = state }, Record.Epoch);
        LogState(Id, state, reason);
    }

    private async Task Write()
    {
        Record.LastEvent = Book.Reserve();
        try
        {
            await _keeper.Write();
        }
        catch (ActivationReplacedException)
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task EnsureReminder()
    {
        if (_hasReminder || !options.Value.AdoptUnfinished)
        {
            return;
        }

        await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);
        _hasReminder = true;
    }

    private async Task EndReminder()
    {
        if (!options.Value.AdoptUnfinished)
        {
            return;
        }

        try
        {
            if (await this.GetReminder(ReminderName) is { } reminder)
            {
                await this.UnregisterReminder(reminder);
            }

            _hasReminder = false;
        }
        catch (Exception e)
        {
            // The reminder finds that the run has ended, and ends itself.
            LogWatchFailed(e, Id);
        }
    }
}
