using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Diagnostics;
using Ebm.Grains.Epochs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Reporting;

/// <summary>
/// What a parameter server tells the outside: lines of metrics, and events to the run grain, gathered for a moment so
/// that fast rounds are not held up by either.
/// </summary>
internal sealed partial class RunReporter(
    string run, long epoch, string silo, IRunGrain grain, IRunJournal journal, TimeProvider time,
    ILogger<RunReporter> logger)
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly List<RoundReport> _metrics = [];
    private readonly List<RunEvent> _events = [];
    private RoundMetrics? _latest;
    private long _flushed = time.GetTimestamp();

    /// <summary>
    /// Notes a round; <paramref name="inMetrics"/> says whether it has a line of its own in the metrics.
    /// </summary>
    public void Round(RoundReport report, bool inMetrics)
    {
        if (inMetrics)
        {
            _metrics.Add(report);
        }

        // Of rounds between two reports only the last is shown; the metrics have them all, and what only some of them
        // say is kept.
        _latest = report.Figures.WithMixingOf(_latest);
        if (_events is [.., { Kind: RunEventKind.Round }])
        {
            _events.RemoveAt(_events.Count - 1);
        }

        _events.Add(new RunEvent(
            0, RunEventKind.Round, report.Figures.Round, Report: report with { Figures = _latest }));
    }

    /// <summary>Notes anything else.</summary>
    public void Event(RunEventKind kind, long round, string text) => _events.Add(new RunEvent(0, kind, round, text));

    /// <summary>Sends what was noted if it is time.</summary>
    public Task FlushIfDue(CancellationToken cancellationToken) => time.GetElapsedTime(_flushed) < Gathering
        ? Task.CompletedTask
        : Flush(new ServerReport { Epoch = epoch }, cancellationToken);

    /// <summary>Puts the rounds that were noted into the metrics.</summary>
    /// <exception cref="StaleEpochException">Another server is in charge.</exception>
    public async Task Save()
    {
        if (_metrics.Count > 0)
        {
            await journal.AppendMetrics(run, epoch, _metrics);
            _metrics.Clear();
        }
    }

    /// <summary>
    /// Sends what was noted, with what <paramref name="report"/> adds to it, until the run has it: where its silo died,
    /// it is elsewhere soon. An event may then be told twice.
    /// </summary>
    /// <exception cref="StaleEpochException">Another server is in charge.</exception>
    public async Task Flush(ServerReport report, CancellationToken cancellationToken)
    {
        await Save();
        var seconds = time.GetElapsedTime(_flushed).TotalSeconds;
        _flushed = time.GetTimestamp();
        var sent = report with { Epoch = epoch, Silo = silo, Events = [.. _events], Seconds = seconds };
        _events.Clear();
        var taken = await CallRetry.Call(
            () => grain.Report(sent), time, (problem, pause) => LogRetry(run, problem, pause), cancellationToken);
        if (!taken)
        {
            throw new StaleEpochException(run, epoch, epoch + 1);
        }
    }

    /// <summary>Sends what was noted before a failure, which is told with it or after it.</summary>
    public async Task FlushBeforeFailure(CancellationToken cancellationToken)
    {
        try
        {
            await Flush(new ServerReport { Epoch = epoch }, cancellationToken);
        }
        catch (EbmException)
        {
            // A full disk, say, fails this too; the first error is the one to tell.
        }
    }

    [LoggerMessage(40, LogLevel.Warning, "Run {Run} did not take a report ({Problem}); sending it again in {Pause}")]
    private partial void LogRetry(string run, string problem, TimeSpan pause);
}
