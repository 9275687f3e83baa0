using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Ebm.Grains.Epochs;

/// <summary>
/// A run's parameter server as an actor: runs one <see cref="Epoch"/> at a time, whose turns are this grain's, and
/// reports its end to the run.
/// </summary>
[Reentrant, KeepAlive, OnLanes, SpreadByLanes]
internal sealed partial class ParameterServerGrain(
    EpochRunner epochs, RunContexts contexts, LocalServers servers, TimeProvider time,
    ILogger<ParameterServerGrain> logger)
    : Grain, IParameterServerGrain
{
    private Epoch? _current;
    private Task _work = Task.CompletedTask;
    private CancellationTokenSource? _ending;
    private StopSignal _stop = new();
    private long _epoch;
    private bool _busy;

    private string Silo => GrainContext.Address.SiloAddress!.ToParsableString();

    /// <inheritdoc/>
    public Task Start(ServerStart start)
    {
        if (_stop.IsHandover)
        {
            DeactivateOnIdle();
            throw new OrleansException("This silo is about to stop; the run continues elsewhere.");
        }

        if (start.Epoch > _epoch)
        {
            _ending?.Cancel();
            _ending = new CancellationTokenSource();
            (_epoch, _busy, _stop, _current) = (start.Epoch, true, new StopSignal(), null);
            if (start.Stop)
            {
                _stop.Request();
            }

            _work = Work(start, _stop, _ending.Token);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Stop()
    {
        _stop.Request();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task HandOver()
    {
        _stop.RequestHandover();
        await _work;
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<ServerHeartbeat> Beat() =>
        Task.FromResult(new ServerHeartbeat(_epoch, _current?.Protocol.State.Applied ?? 0, _busy));

    /// <inheritdoc/>
    public Task<ServerView> View()
    {
        if (_epoch == 0)
        {
            // This very call has activated the grain, a moment after the server's end.
            DeactivateOnIdle();
        }

        return Task.FromResult(_current?.View() ?? new ServerView(_epoch, [], []));
    }

    /// <inheritdoc/>
    public Task<ParameterBlock> Pull(long epoch, long version, int block) => epoch == _epoch && _current is { } current
        ? current.Versions.Pull(version, block)
        : Task.FromResult(new ParameterBlock(false, 0, default));

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending?.Cancel();
        return Task.CompletedTask;
    }

    /// <summary>Works from an epoch's start to its end. Nothing awaits it: every end is reported to the run.</summary>
    private async Task Work(ServerStart start, StopSignal stop, CancellationToken cancellationToken)
    {
        // The context of the call that started the epoch, its trace included, must not travel with every later call.
        RequestContext.Clear();
        var grain = GrainFactory.GetGrain<IRunGrain>(start.Run.Id);
        start.Run.Needs.Attach();
        servers.Enter(start.Run.Id);
        try
        {
            if (await Train(start, stop, grain, cancellationToken) is { } report)
            {
                await CallRetry.Call(
                    () => grain.Report(report),
                    time,
                    failed => LogReportRetry(start.Run.Id, failed.Failure.Message, failed.Delay),
                    cancellationToken);

                // After a rewind the next epoch has started here by now; else this grain is done.
                if (start.Epoch == _epoch && !cancellationToken.IsCancellationRequested)
                {
                    DeactivateOnIdle();
                }
            }
        }
        catch (Exception e)
        {
            // The run grain finds this server idle, and replaces it.
            LogFailure(e, start.Run.Id);
        }
        finally
        {
            if (start.Epoch == _epoch)
            {
                _busy = false;
                servers.Leave(start.Run.Id);
            }
        }
    }

    /// <summary>The last report of an epoch; null where the epoch was replaced.</summary>
    private async Task<ServerReport?> Train(
        ServerStart start, StopSignal stop, IRunGrain grain, CancellationToken cancellationToken)
    {
        try
        {
            var run = await contexts.Get(start.Run);
            return await epochs.Run(
                new EpochAssignment(start, run, grain, Silo, stop),
                epoch => _current = start.Epoch == _epoch ? epoch : _current,
                cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or StaleEpochException)
        {
            LogReplaced(start.Run.Id, e.Message);
            return null;
        }
        catch (Exception e)
        {
            LogFailure(e, start.Run.Id);
            return new ServerReport
            {
                Epoch = start.Epoch,
                Silo = Silo,
                Ended = RunState.Failed,
                Reason = e is EbmException ? e.Message : $"{e.GetType().Name}: {e.Message}",
            };
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "Run {Run}: this parameter server was replaced or stopped ({Reason})")]
    private partial void LogReplaced(string run, string reason);

    [LoggerMessage(12, LogLevel.Warning, "Run {Run} did not take the last report ({Problem}); retrying in {Pause}")]
    private partial void LogReportRetry(string run, string problem, TimeSpan pause);

    [LoggerMessage(11, LogLevel.Error, "Run {Run} failed")]
    private partial void LogFailure(Exception e, string run);
}
