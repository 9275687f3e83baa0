using Ebm.Contracts.Runs;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Runs;

internal sealed partial class RunGrain
{
    [LoggerMessage(1, LogLevel.Information, "Run {Run} submitted, spec {Digest}")]
    private partial void LogSubmitted(string run, string digest);

    [LoggerMessage(2, LogLevel.Information, "Run {Run} is {State}: {Reason}")]
    private partial void LogState(string run, RunState state, string? reason);

    [LoggerMessage(3, LogLevel.Warning, "Run {Run}: report of epoch {Epoch} refused, epoch {Current} is in charge")]
    private partial void LogStaleReport(string run, long epoch, long current);

    [LoggerMessage(
        4, LogLevel.Warning,
        "Run {Run}: no answer from its parameter server, or it could not be replaced; trying again")]
    private partial void LogWatchFailed(Exception e, string run);

    [LoggerMessage(5, LogLevel.Warning, "Run {Run}: {Text}")]
    private partial void LogWaiting(string run, string text);

    [LoggerMessage(6, LogLevel.Information, "Run {Run} was deleted")]
    private partial void LogDeleted(string run);
}
