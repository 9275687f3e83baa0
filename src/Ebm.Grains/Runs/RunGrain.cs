using System.Diagnostics;
using Ebm.Configuration.Reading;
using Ebm.Contracts;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Placement;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Spec;
using Ebm.Grains.Admission;
using Ebm.Grains.Placement;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.RunFolders;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ebm.Grains.Runs;

/// <summary>
/// A run's life. Keeps the record of the run, gives each parameter server its epoch, and hands events to those who
/// watch. The arithmetic is the parameter server's and the shards'. RunGrain.Supervision.cs supervises the run.
/// </summary>
[OnControl]
internal sealed partial class RunGrain(
    [PersistentState("run", RunRecord.Storage)] IPersistentState<RunRecord> state,
    IRunFence fence,
    IRunJournal journal,
    IRunCatalogue catalogue,
    ICheckpointStore checkpoints,
    StoreHealth health,
    LaneSilos silos,
    IOptions<RunOptions> options,
    RunLimits limits,
    SiloMetrics metrics,
    TimeProvider time,
    ILogger<RunGrain> logger) : Grain, IRunGrain, IRemindable
{
    private static readonly TimeSpan EventWait = TimeSpan.FromSeconds(5);

    private readonly RunRecordKeeper _keeper = new(state, health, time);
    private EventLog? _events;
    private IGrainTimer? _watch;
    private RoundReport? _latest;
    private string? _waiting;
    private string? _leaving;
    private bool _isHandover;
    private string? _serverSilo;

    private string Id => this.GetPrimaryKeyString();

    private RunRecord Record => _keeper.Record;

    private EventLog Book => _events!;

    private bool IsUnfinished =>
        _keeper.Exists && Record.State is RunState.Pending or RunState.Running or RunState.Stopping;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _events = new EventLog(Id, journal, time);
        if (_keeper.Exists)
        {
            await Book.Open(Record.LastEvent);
        }

        if (options.Value.AdoptUnfinished && IsUnfinished)
        {
            KeepWatch();
        }
    }

    /// <inheritdoc/>
    public async Task<RunStatus> Submit(RunSubmission submission)
    {
        RunId.Checked(Id);
        SubmissionCheck.Check(submission, limits);
        if (!_keeper.Exists)
        {
            await catalogue.Register(Id);
            _keeper.Begin(new RunRecord
            {
                SpecJson = submission.SpecJson,
                SpecDigest = submission.SpecDigest,
                Lineage = submission.Lineage,
                Submitted = time.GetUtcNow(),
                AllowNewHardware = submission.AllowNewHardware,
            });
            await Write();
            LogSubmitted(Id, submission.SpecDigest);
        }
        else if (Record.SpecDigest != submission.SpecDigest || Record.Lineage != submission.Lineage)
        {
            throw new InputException(
                $"run '{Id}' exists already with another spec (digest {Record.SpecDigest[..12]}, this one "
                    + $"{submission.SpecDigest[..12]}). Choose another id with --id.");
        }

        // The digest leaves out where the data lies: it may have moved since.
        Record.SpecJson = submission.SpecJson;
        Record.Trace = Activity.Current is { Recorded: true } traced ? traced.Id : Record.Trace;
        return await Resume(submission.AllowNewHardware);
    }

    /// <inheritdoc/>
    public Task<RunStatus?> Status() => Task.FromResult(_keeper.Exists ? Describe() : null);

    /// <inheritdoc/>
    Task<RunDescription?> IRunGrain.Describe() => Task.FromResult(_keeper.Exists ? Description() : null);

    /// <inheritdoc/>
    public async Task<RunStatus> Resume(bool allowNewHardware)
    {
        ThrowIfMissing();
        if (Record.State != RunState.Succeeded)
        {
            // Before a server is asked: the permission decides which silos may place it.
            Record.AllowNewHardware |= allowNewHardware;
            if (!HasSilo() || !await ServerWorks())
            {
                await TakeOver(null, stop: false);
            }
        }

        return Describe();
    }

    /// <inheritdoc/>
    public async Task Stop()
    {
        ThrowIfMissing();
        if (_waiting is not null && IsUnfinished)
        {
            // Nobody works on it.
            await End(RunState.Stopped, "stopped while it waited: " + _waiting);
        }
        else if (Record.State is RunState.Pending or RunState.Running)
        {
            await Enter(RunState.Stopping, null);
            await Server().Stop();
        }
    }

    /// <inheritdoc/>
    public async Task Delete()
    {
        ThrowIfMissing();
        EndWatch();
        Record.State = RunState.Stopped;
        Record.Epoch = await fence.Raise(Id, Record.Epoch + 1);
        await catalogue.Delete(Id, Record.Epoch);
        await EndReminder();
        await _keeper.Clear();
        LogDeleted(Id);
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task Touch() =>
        IsUnfinished && options.Value.AdoptUnfinished ? LookAfter(CancellationToken.None) : Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<RunDetails> Details()
    {
        ThrowIfMissing();
        var manifests = await checkpoints.List(Id);
        return new RunDetails(
            [.. manifests.Select(m => new CheckpointInfo(
                m.Attempt, m.Round, m.Scheduled, m.ParametersSha256, m.StateSha256, m.Files.Sum(f => f.Length),
                m.Numerics))],
            await catalogue.Measure(Id),
            (await journal.ReadEvents(Id, EventLog.Remembered))
                .LastOrDefault(e => e.Kind == RunEventKind.Samples)?.Text);
    }

    /// <inheritdoc/>
    public async Task<ArtefactPiece?> Artefact(string name, int piece)
    {
        ThrowIfMissing();
        var bytes = name == RunLayout.Metrics
            ? MetricsJson.Lines(await journal.ReadMetrics(Id))
            : await journal.ReadArtefact(Id, name);
        if (bytes is null)
        {
            return null;
        }

        var pages = new PagedBytes(bytes);
        return pages.Find(piece) is { } page
            ? new ArtefactPiece(pages.Count, page)
            : throw new MalformedMessageException($"'{name}' has {pages.Count} pieces and no piece {piece}.");
    }

    /// <inheritdoc/>
    public async Task<EventPage> Events(long after, CancellationToken cancellationToken)
    {
        ThrowIfMissing();
        await Book.WaitAfter(after, EventWait, cancellationToken);
        return new EventPage(Book.After(after), Describe());
    }

    /// <inheritdoc/>
    public async Task<bool> Report(ServerReport report)
    {
        if (!_keeper.Exists || report.Epoch != Record.Epoch)
        {
            LogStaleReport(Id, report.Epoch, Record.Epoch);
            return false;
        }

        if (report.Restored is { } restored)
        {
            Record.Repeated += Math.Max(0, Record.Round - restored);
            Record.Round = restored;
        }

        foreach (var e in report.Events)
        {
            Book.Add(TextOnlyEvents.AddFacts(e), Record.Epoch);
            _latest = e.Report ?? _latest;
            Record.Round = e.Kind == RunEventKind.Round ? e.Round : Record.Round;
        }

        Record.Rollbacks = report.Rollbacks ?? Record.Rollbacks;
        Record.Attempt = Record.Rollbacks.Count;
        Record.Seconds += report.Seconds;
        var pinned = report.Pins is not null && report.Pins != Record.Pins;
        Record.Pins = report.Pins ?? Record.Pins;
        Record.Shape = report.Shape ?? Record.Shape;
        Record.Rounds = report.Rounds > 0 ? report.Rounds : Record.Rounds;
        _serverSilo = report.Silo;
        var cause = report.Cause ?? (report.Rewind is { } text
            ? new RewindCause { Reason = RewindReason.Unspecified, Problem = text }
            : null);
        if (report.Leaving)
        {
            await Leave(report.Silo, cause);
        }
        else if (cause is not null)
        {
            await TakeOver(
                cause, Record.State == RunState.Stopping,
                report.Rollbacks is null ? Catalogue.Rewind : Catalogue.Rollback);
        }
        else if (report.Ended is { } ended)
        {
            Record.Result = report.Result ?? Record.Result;
            Record.Round = report.Result?.Round ?? Record.Round;
            await End(ended, report.Reason);
        }
        else if (pinned || Book.NeedsReserve || report.Events.Any(e => e.Kind == RunEventKind.Checkpoint))
        {
            await Write();
        }

        return true;
    }

    /// <summary>The last resort, where nothing else has brought the run back.</summary>
    public Task ReceiveReminder(string reminderName, TickStatus status) => IsUnfinished ? Touch() : EndReminder();

    private RunDescription Description() =>
        new(Id, Record.SpecJson, Record.SpecDigest, Record.Lineage, Record.Pins, Record.AllowNewHardware, Needs());

    private RunRequirements Needs() => new(
        SpecJson.Read(Record.SpecJson).Device == DeviceKind.Cuda ? "cuda" : "cpu",
        options.Value.WaitForSilos && !Record.AllowNewHardware ? Record.Pins?.Numerics : null,
        _leaving);

    private void ThrowIfMissing()
    {
        if (!_keeper.Exists)
        {
            throw new UnknownRunException(Id);
        }
    }

    private RunStatus Describe() => new()
    {
        Id = Id,
        State = Record.State,
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
        LastEvent = Book.Last,
        Waiting = FindWait()?.Problem,
        Servers = Record.Servers,
        Repeated = Record.Repeated,
        Rollbacks = Record.Rollbacks,
        ServerSilo = IsUnfinished ? _serverSilo : null,
        Shape = Record.Shape,
        Pins = Record.Pins,
        Needs = Needs(),
    };
}
