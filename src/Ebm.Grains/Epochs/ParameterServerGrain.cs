using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Ebm.Grains.Epochs;

/// <summary>
/// A run's parameter server as an actor: keeps one <see cref="TrainingLoop"/> going, whose turns are this grain's, and
/// tells the run how it ended.
/// </summary>
[Reentrant, KeepAlive, OnLanes, SpreadByLanes]
internal sealed partial class ParameterServerGrain(
    IServiceProvider services, RunContexts contexts, LocalServers servers, TimeProvider time,
    ILogger<ParameterServerGrain> logger)
    : Grain, IParameterServerGrain
{
    private TrainingLoop? _loop;
    private Task _work = Task.CompletedTask;
    private CancellationTokenSource? _ending;
    private long _epoch;
    private bool _busy;
    private bool _stopRequested;
    private bool _leaving;

    private string Silo => GrainContext.Address.SiloAddress!.ToParsableString();

    /// <inheritdoc/>
    public Task Start(ServerStart start)
    {
        if (_leaving)
        {
            DeactivateOnIdle();
            throw new OrleansException("This silo is about to stop; the run goes on elsewhere.");
        }

        if (start.Epoch > _epoch)
        {
            _ending?.Cancel();
            _ending = new CancellationTokenSource();
            (_epoch, _busy, _stopRequested, _loop) = (start.Epoch, true, start.Stop, null);
            _work = Work(start, _ending.Token);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Stop()
    {
        _stopRequested = true;
        _loop?.RequestStop();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task HandOver()
    {
        _leaving = true;
        _loop?.HandOver();
        await _work;
        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task<ServerHeartbeat> Beat() => Task.FromResult(new ServerHeartbeat(_epoch, _loop?.Version ?? 0, _busy));

    /// <inheritdoc/>
    public Task<ServerView> View()
    {
        if (_epoch == 0)
        {
            // Whoever looks has called this activation into being, a moment after the server's end.
            DeactivateOnIdle();
        }

        return Task.FromResult(_loop?.View() ?? new ServerView(_epoch, [], []));
    }

    /// <inheritdoc/>
    public Task<ParameterBlock> Pull(long epoch, long version, int block) => epoch == _epoch && _loop is { } loop
        ? loop.Pull(version, block)
        : Task.FromResult(new ParameterBlock(false, 0, default));

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _ending?.Cancel();
        return Task.CompletedTask;
    }

    /// <summary>
    /// From the beginning of an epoch to its end. Nothing awaits it; whatever happens is told to the run.
    /// </summary>
    private async Task Work(ServerStart start, CancellationToken cancellationToken)
    {
        // What the call that began it carried, its trace among it, is not to go with every call from here on.
        RequestContext.Clear();
        var grain = GrainFactory.GetGrain<IRunGrain>(start.Run.Id);
        start.Run.Needs.Attach();
        servers.Enter(start.Run.Id);
        try
        {
            if (await Train(start, grain, cancellationToken) is { } report)
            {
                await CallRetry.Call(
                    () => grain.Report(report),
                    time,
                    (problem, pause) => LogUntold(start.Run.Id, problem, pause),
                    cancellationToken);

                // A rewind has started the next epoch here by now; else nobody needs this grain any more.
                if (start.Epoch == _epoch && !cancellationToken.IsCancellationRequested)
                {
                    DeactivateOnIdle();
                }
            }
        }
        catch (Exception e)
        {
            // The run finds this server idle, and puts another in charge.
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

    /// <summary>How it ended; null where nobody wants to know.</summary>
    private async Task<ServerReport?> Train(ServerStart start, IRunGrain grain, CancellationToken cancellationToken)
    {
        var report = new ServerReport { Epoch = start.Epoch, Silo = Silo };
        try
        {
            var run = await contexts.Get(start.Run);
            var loop = ActivatorUtilities.CreateInstance<TrainingLoop>(services, start, run, grain, Silo);
            _loop = loop;
            if (_leaving)
            {
                loop.HandOver();
            }
            else if (_stopRequested)
            {
                loop.RequestStop();
            }

            return await loop.Run(cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or StaleEpochException)
        {
            LogReplaced(start.Run.Id, e.Message);
            return null;
        }
        catch (Exception e) when (e is ShardOutOfStepException or CorruptRecordException)
        {
            return report with { Rewind = e.Message };
        }
        catch (Exception e)
        {
            LogFailure(e, start.Run.Id);
            return report with
            {
                Ended = RunState.Failed,
                Reason = e is EbmException ? e.Message : $"{e.GetType().Name}: {e.Message}",
            };
        }
    }

    [LoggerMessage(10, LogLevel.Warning, "Run {Run}: this parameter server was replaced or is stopped ({Reason})")]
    private partial void LogReplaced(string run, string reason);

    [LoggerMessage(
        12, LogLevel.Warning, "Run {Run} was not told how it ended ({Problem}); telling it again in {Pause}")]
    private partial void LogUntold(string run, string problem, TimeSpan pause);

    [LoggerMessage(11, LogLevel.Error, "Run {Run} failed")]
    private partial void LogFailure(Exception e, string run);
}
