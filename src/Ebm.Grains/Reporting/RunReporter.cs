using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Diagnostics;
using Ebm.Grains.Epochs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Reporting;

/// <summary>
/// An epoch's metrics and events: collects them for a moment, so that neither the store nor the run grain delays short
/// rounds, and sends them. Used from the parameter server's turns only.
/// </summary>
internal sealed partial class RunReporter(
    string run, long epoch, string silo, IRunGrain grain, IRunJournal journal, TimeProvider time,
    ILogger<RunReporter> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly List<RoundReport> _metrics = [];
    private readonly List<RunEvent> _events = [];
    private RoundMetrics? _latest;
    private long _flushed = time.GetTimestamp();

    /// <summary>Records a round; with <paramref name="inMetrics"/> also as a line of the metrics.</summary>
    public void RecordRound(RoundReport report, bool inMetrics)
    {
        if (inMetrics)
        {
            _metrics.Add(report);
        }

        // Of the rounds between two reports only the last is an event. It takes over the metrics that only some rounds
        // have.
        _latest = report.Figures.WithMixingOf(_latest);
        if (_events is [.., { Kind: RunEventKind.Round }])
        {
            _events.RemoveAt(_events.Count - 1);
        }

        var shown = report with { Figures = _latest };
        _events.Add(new RunEvent(0, RunEventKind.Round, report.Figures.Round, Report: shown));
    }

    /// <summary>Records a text that the user should read.</summary>
    public void RecordNotice(long round, string text) => Record(new RunEvent(0, RunEventKind.Notice, round, text));

    /// <summary>Records a file that was written.</summary>
    public void RecordFile(long round, string name) =>
        Record(new RunEvent(0, RunEventKind.Artefact, round) { File = name });

    /// <summary>Records an event; the run gives it its number.</summary>
    public void Record(RunEvent e) => _events.Add(e);

    /// <summary>Deletes the metrics of rounds after <paramref name="round"/>.</summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    public Task CutMetrics(long round) => journal.CutMetrics(run, epoch, round);

    /// <summary>Writes the metrics of the recorded rounds.</summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    public async Task SaveMetrics()
    {
        if (_metrics.Count > 0)
        {
            await journal.AppendMetrics(run, epoch, _metrics);
            _metrics.Clear();
        }
    }

    /// <summary>Sends all that was recorded, if the last time was not just now.</summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    public Task FlushIfDue(CancellationToken cancellationToken) =>
        time.GetElapsedTime(_flushed) < Interval ? Task.CompletedTask : Flush(cancellationToken);

    /// <summary>Sends all that was recorded.</summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    public Task Flush(CancellationToken cancellationToken) =>
        Flush(new ServerReport { Epoch = epoch }, cancellationToken);

    /// <summary>
    /// Sends all that was recorded and the rest of <paramref name="report"/>, again and again until the run grain takes
    /// it: after its silo's death it activates elsewhere. The run may get an event twice.
    /// </summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    public async Task Flush(ServerReport report, CancellationToken cancellationToken)
    {
        await SaveMetrics();
        var seconds = time.GetElapsedTime(_flushed).TotalSeconds;
        _flushed = time.GetTimestamp();
        var sent = report with { Epoch = epoch, Silo = silo, Events = [.. _events], Seconds = seconds };
        _events.Clear();
        var taken = await CallRetry.Call(
            () => grain.Report(sent),
            time,
            failed => LogRetry(run, failed.Failure.Message, failed.Delay),
            cancellationToken);
        if (!taken)
        {
            throw new StaleEpochException(run, epoch, epoch + 1);
        }
    }

    /// <summary>Sends all that was recorded before a failure, which is reported with it or after it.</summary>
    public async Task FlushBeforeFailure(CancellationToken cancellationToken)
    {
        try
        {
            await Flush(cancellationToken);
        }
        catch (EbmException)
        {
            // A full disk, for example, fails this too; the run reports the first error.
        }
    }

    [LoggerMessage(40, LogLevel.Warning, "Run {Run} did not take a report ({Problem}); sending it again in {Pause}")]
    private partial void LogRetry(string run, string problem, TimeSpan pause);
}
