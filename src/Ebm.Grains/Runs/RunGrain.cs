using Ebm.Contracts.Parameters;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Runs;

/// <summary>
/// A run's life. Keeps the record of the run, gives each parameter server its epoch, and hands events to those who watch.
/// The arithmetic is the parameter server's and the shards'.
/// </summary>
internal sealed partial class RunGrain(
    [PersistentState("run", RunRecord.Storage)] IPersistentState<RunRecord> record,
    IRunFence fence,
    TimeProvider time,
    ILogger<RunGrain> logger) : Grain, IRunGrain
{
    private static readonly TimeSpan EventWait = TimeSpan.FromSeconds(5);

    private readonly EventLog _events = new();
    private RoundReport? _latest;

    private string Id => this.GetPrimaryKeyString();

    private RunRecord Record => record.State;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _events.Begin(Record.LastEvent);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<RunStatus> Submit(RunSubmission submission)
    {
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

        return await Resume(submission.AllowNewHardware);
    }

    /// <inheritdoc/>
    public Task<RunStatus?> Status() => Task.FromResult(record.RecordExists ? Describe(Record.State) : null);

    /// <inheritdoc/>
    public Task<RunDescription?> Describe() => Task.FromResult(record.RecordExists ? Description() : null);

    /// <inheritdoc/>
    public async Task<RunStatus> Resume(bool allowNewHardware)
    {
        if (!record.RecordExists)
        {
            throw new InputException($"there is no run '{Id}'. `ebm list` shows the runs.");
        }

        if (Record.State == RunState.Succeeded || await ServerWorks())
        {
            return Describe(Record.State);
        }

        Record.AllowNewHardware |= allowNewHardware;
        await TakeOver(null);
        return Describe(Record.State);
    }

    /// <inheritdoc/>
    public async Task Stop()
    {
        if (Record.State == RunState.Running)
        {
            await Enter(RunState.Stopping, null);
            await GrainFactory.GetGrain<IParameterServerGrain>(Id).Stop();
        }
    }

    /// <inheritdoc/>
    public async Task<EventPage> Events(long after, CancellationToken cancellationToken)
    {
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
            await TakeOver(reason);
        }
        else if (report.Ended is { } ended)
        {
            Record.Result = report.Result ?? Record.Result;
            Record.Round = report.Result?.Round ?? Record.Round;
            await Enter(ended, report.Reason);
        }
        else if (pinned || report.Events.Any(e => e.Kind == RunEventKind.Checkpoint))
        {
            await Write();
        }

        return true;
    }

    /// <summary>Puts a parameter server of the next epoch in charge; it goes on from the latest checkpoint.</summary>
    private async Task TakeOver(string? reason)
    {
        Record.Epoch++;
        await fence.Raise(Id, Record.Epoch);
        await Enter(RunState.Running, reason);
        await GrainFactory.GetGrain<IParameterServerGrain>(Id).Start(new ServerStart(Record.Epoch, Description()));
    }

    private async Task<bool> ServerWorks()
    {
        if (Record.State is not (RunState.Running or RunState.Stopping))
        {
            return false;
        }

        var beat = await GrainFactory.GetGrain<IParameterServerGrain>(Id).Beat();
        return beat.Busy && beat.Epoch == Record.Epoch;
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
        Record.Updated = time.GetUtcNow();
        Record.LastEvent = _events.Last;
        await record.WriteStateAsync();
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
