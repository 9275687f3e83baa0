using Ebm.Contracts.Parameters;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ebm.Grains.Runs;

/// <summary>
/// A run's life. Keeps the record of the run, gives each parameter server its epoch, and hands events to those who watch.
/// The arithmetic is the parameter server's and the shards'.
/// </summary>
internal sealed partial class RunGrain(
    [PersistentState("run", RunRecord.Storage)] IPersistentState<RunRecord> record,
    IRunFence fence,
    IOptions<RunOptions> options,
    TimeProvider time,
    ILogger<RunGrain> logger) : Grain, IRunGrain
{
    private static readonly TimeSpan EventWait = TimeSpan.FromSeconds(5);

    private readonly EventLog _events = new();

    // Reports interleave with everything else, and a store takes one write of a record at a time.
    private readonly SemaphoreSlim _writing = new(1);
    private IGrainTimer? _watch;
    private RoundReport? _latest;

    private string Id => this.GetPrimaryKeyString();

    private RunRecord Record => record.State;

    private bool IsUnfinished => Record.State is RunState.Running or RunState.Stopping;

    private IParameterServerGrain Server => GrainFactory.GetGrain<IParameterServerGrain>(Id);

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _events.Begin(Record.LastEvent);
        if (options.Value.AdoptUnfinished && IsUnfinished)
        {
            KeepWatch();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<RunStatus> Submit(RunSubmission submission)
    {
        RunId.Checked(Id);
        SubmissionCheck.Check(submission);
        if (!record.RecordExists)
        {
            record.State = new RunRecord
            {
                SpecJson = submission.SpecJson,
                SpecDigest = submission.SpecDigest,
                Lineage = submission.Lineage,
                Submitted = time.GetUtcNow(),
                AllowNewHardware = submission.AllowNewHardware,
            };
            await Write();
            LogSubmitted(Id, submission.SpecDigest);
        }
        else if (Record.SpecDigest != submission.SpecDigest || Record.Lineage != submission.Lineage)
        {
            throw new InputException(
                $"run '{Id}' exists already with another spec (digest {Record.SpecDigest[..12]}, this one {submission.SpecDigest[..12]}). "
                + "Choose another id with --id.");
        }

        // The digest leaves out where the data lies: it may have moved since.
        Record.SpecJson = submission.SpecJson;
        return await Resume(submission.AllowNewHardware);
    }

    /// <inheritdoc/>
    public Task<RunStatus?> Status() => Task.FromResult(record.RecordExists ? Describe(Record.State) : null);

    /// <inheritdoc/>
    public Task<RunDescription?> Describe() => Task.FromResult(record.RecordExists ? Description() : null);

    /// <inheritdoc/>
    public async Task<RunStatus> Resume(bool allowNewHardware)
    {
        ThrowIfMissing();
        if (Record.State == RunState.Succeeded || await ServerWorks())
        {
            return Describe(Record.State);
        }

        Record.AllowNewHardware |= allowNewHardware;
        await TakeOver(null, stop: false);
        return Describe(Record.State);
    }

    /// <inheritdoc/>
    public async Task Stop()
    {
        ThrowIfMissing();
        if (Record.State == RunState.Running)
        {
            await Enter(RunState.Stopping, null);
            await Server.Stop();
        }
    }

    /// <inheritdoc/>
    public Task Delete() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task Touch() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<RunDetails> Details() => throw new NotSupportedException();

    /// <inheritdoc/>
    public Task<ArtefactPiece?> Artefact(string name, int piece) => throw new NotSupportedException();

    /// <inheritdoc/>
    public async Task<EventPage> Events(long after, CancellationToken cancellationToken)
    {
        ThrowIfMissing();
        await _events.WaitAfter(after, EventWait, time, cancellationToken);
        return new EventPage(_events.After(after), Describe(Record.State));
    }

    /// <inheritdoc/>
    public async Task<bool> Report(ServerReport report)
    {
        if (report.Epoch != Record.Epoch)
        {
            LogStaleReport(Id, report.Epoch, Record.Epoch);
            return false;
        }

        foreach (var e in report.Events)
        {
            _events.Add(e);
            _latest = e.Report ?? _latest;
            Record.Round = e.Kind == RunEventKind.Round ? e.Round : Record.Round;
        }

        Record.Attempt = _latest?.Figures.Attempt ?? Record.Attempt;
        Record.Seconds += report.Seconds;
        var pinned = report.Pins is not null && report.Pins != Record.Pins;
        Record.Pins = report.Pins ?? Record.Pins;
        Record.Rounds = report.Rounds > 0 ? report.Rounds : Record.Rounds;
        if (report.Rewind is { } reason)
        {
            await TakeOver(reason, stop: Record.State == RunState.Stopping);
        }
        else if (report.Ended is { } ended)
        {
            Record.Result = report.Result ?? Record.Result;
            Record.Round = report.Result?.Round ?? Record.Round;
            _watch?.Dispose();
            _watch = null;
            await Enter(ended, report.Reason);
        }
        else if (pinned || report.Events.Any(e => e.Kind == RunEventKind.Checkpoint))
        {
            await Write();
        }

        return true;
    }

    /// <summary>Puts a parameter server of the next epoch in charge; it goes on from the latest checkpoint.</summary>
    private async Task TakeOver(string? reason, bool stop)
    {
        var epoch = ++Record.Epoch;
        epoch = Record.Epoch = await fence.Raise(Id, epoch);
        await Enter(stop ? RunState.Stopping : RunState.Running, reason);
        KeepWatch();
        await Server.Start(new ServerStart(epoch, Description(), stop));
    }

    private async Task<bool> ServerWorks()
    {
        if (!IsUnfinished)
        {
            return false;
        }

        var beat = await Server.Beat();
        return beat.Busy && beat.Epoch == Record.Epoch;
    }

    private void KeepWatch()
    {
        var interval = options.Value.WatchInterval;
        _watch ??= this.RegisterGrainTimer(Watch, new GrainTimerCreationOptions(interval, interval) { KeepAlive = true });
    }

    /// <summary>
    /// Looks for a sign of life of the parameter server. A call to a silo that died fails until the cluster knows it is dead;
    /// then the call activates an idle server elsewhere, and the run goes on there.
    /// </summary>
    private async Task Watch(CancellationToken cancellationToken)
    {
        try
        {
            if (IsUnfinished && !await ServerWorks())
            {
                // It may have ended, and said so, while this waited.
                if (IsUnfinished)
                {
                    await TakeOver("the parameter server was lost", stop: Record.State == RunState.Stopping);
                }
            }
            else if (Record.State == RunState.Stopping)
            {
                // The call that told it may have been lost.
                await Server.Stop();
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogWatchFailed(e, Id);
        }
    }

    private async Task Enter(RunState state, string? reason)
    {
        (Record.State, Record.Reason) = (state, reason);
        _events.Add(new RunEvent(0, RunEventKind.State, Record.Round, StateName(state)));
        await Write();
        LogState(Id, state, reason);
    }

    private async Task Write()
    {
        await _writing.WaitAsync();
        try
        {
            Record.Updated = time.GetUtcNow();
            Record.LastEvent = _events.Last;
            await record.WriteStateAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private void ThrowIfMissing()
    {
        if (!record.RecordExists)
        {
            throw new InputException($"there is no run '{Id}'. `ebm list` shows the runs.");
        }
    }

    private static string StateName(RunState state) => state.ToString().ToLowerInvariant();

    private RunDescription Description() =>
        new(Id, Record.SpecJson, Record.SpecDigest, Record.Lineage, Record.Pins, Record.AllowNewHardware);

    private RunStatus Describe(RunState state) => new()
    {
        Id = Id,
        State = state,
        Reason = Record.Reason,
        Round = Record.Round,
        Rounds = Record.Rounds,
        Attempt = Record.Attempt,
        Epoch = Record.Epoch,
        SpecDigest = Record.SpecDigest,
        Lineage = Record.Lineage,
        Submitted = Record.Submitted,
        Updated = Record.Updated,
        Seconds = Record.Seconds,
        Result = Record.Result,
        Latest = _latest,
        LastEvent = _events.Last,
    };
}
