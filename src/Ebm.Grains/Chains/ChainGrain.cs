using Ebm.Contracts;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Rounds;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Placement;

namespace Ebm.Grains.Chains;

/// <summary>
/// A shard as an actor: <see cref="ShardProtocol"/> decides on an order, <see cref="ShardWork"/> executes it on the
/// lanes, and the store commits it. Its turns interleave; none of them blocks.
/// </summary>
[OnLanes, SpreadByLanes]
internal sealed partial class ChainGrain(
    RunContexts contexts,
    ParameterCache parameters,
    DeviceLanes lanes,
    IReplayStore replay,
    ICheckpointStore checkpoints,
    FaultPoints faults,
    SiloMetrics metrics,
    TimeProvider time,
    ILogger<ChainGrain> logger) : Grain, IChainGrain
{
    /// <summary>Longest wait of a call for the work; then it answers that the work continues.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(2);

    private ShardKey _key;
    private string _silo = "";
    private Task<ShardWork>? _ready;

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = ShardKey.Parse(this.GetPrimaryKeyString());
        _silo = GrainContext.Address.SiloAddress!.ToParsableString();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_ready is { IsCompletedSuccessfully: true })
        {
            (await _ready).Close();
        }

        // A silo without the parameter server learns of the run's end only here.
        parameters.Forget(_key.Run);
    }

    /// <inheritdoc/>
    public async Task<AdvanceReply> Advance(AdvanceOrder order, CancellationToken cancellationToken)
    {
        OrderCheck.Check(order);
        try
        {
            var work = await Ready();
            var reply = await work.Advance(order).WaitAsync(Heartbeat, time, cancellationToken);
            faults.Reached(FaultPoint.BeforeReply, _key.Run, order.Round);
            return reply with { Silo = _silo };
        }
        catch (Exception e) when (
            e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Cancelled work (a rewind, a silo that stops) is not a failure: a repeated call gets the shard's position.
            return new AdvanceReply { Outcome = AdvanceOutcome.Working, Silo = _silo };
        }
        catch (StaleEpochException e)
        {
            return new AdvanceReply { Outcome = AdvanceOutcome.StaleEpoch, Epoch = e.Current };
        }
        catch (Exception e) when (e is not (OrleansException or OperationCanceledException or UnknownRunException))
        {
            LogFailure(e, _key, order.Round);
            return new AdvanceReply { Outcome = AdvanceOutcome.Failed, Problem = Describe(e) };
        }
    }

    /// <inheritdoc/>
    public async Task<NegativesPiece> Negatives(AdvanceOrder order, int piece)
    {
        OrderCheck.Check(order);
        return (await Ready()).FindNegatives(order) is { } states && new PagedBytes(states).Find(piece) is { } bytes
            ? new NegativesPiece(true, bytes)
            : new NegativesPiece(false, default);
    }

    /// <inheritdoc/>
    public async Task<RewindReply> Rewind(RewindOrder order)
    {
        OrderCheck.Check(order);
        try
        {
            var work = await Ready();
            faults.Reached(FaultPoint.InRewind, _key.Run, order.Round);
            return new RewindReply(await work.Rewind(order), work.Position.Epoch, null);
        }
        catch (Exception e) when (e is not (OrleansException or OperationCanceledException or UnknownRunException))
        {
            LogFailure(e, _key, order.Round);
            return new RewindReply(false, 0, Describe(e));
        }
    }

    /// <inheritdoc/>
    public async Task Move(string silo)
    {
        var to = SiloAddress.FromParsableString(silo);
        if (_ready is { IsCompletedSuccessfully: true } ready)
        {
            await (await ready).WaitUntilIdle();
        }

        RequestContext.Set(IPlacementDirector.PlacementHintKey, to);
        MigrateOnIdle();
    }

    private static string Describe(Exception e) => e is EbmException ? e.Message : $"{e.GetType().Name}: {e.Message}";

    /// <summary>Loads the shard once; after a failure the next call tries again.</summary>
    private async Task<ShardWork> Ready()
    {
        var pending = _ready ??= Load();
        try
        {
            return await pending;
        }
        catch
        {
            _ready = _ready == pending ? null : _ready;
            throw;
        }
    }

    private async Task<ShardWork> Load()
    {
        var description = await GrainFactory.GetGrain<IRunGrain>(_key.Run).Describe()
            ?? throw new UnknownRunException(_key.Run);
        var run = await contexts.Get(description);
        if (_key.Shard < 0 || _key.Shard >= run.Plan.Shards.Count)
        {
            throw new InputException(
                $"run '{_key.Run}' has no shard {_key.Shard}; expected 0 to {run.Plan.Shards.Count - 1}.");
        }

        var work = new ShardWork(_key, run, parameters, lanes, replay, checkpoints, faults, metrics, time);
        await work.Load(problem => LogCorrupt(_key, problem));
        return work;
    }

    [LoggerMessage(31, LogLevel.Warning, "Shard {Shard}: {Problem}; the run will rewind to a checkpoint")]
    private partial void LogCorrupt(ShardKey shard, string problem);

    [LoggerMessage(30, LogLevel.Error, "Shard {Shard} failed at round {Round}")]
    private partial void LogFailure(Exception e, ShardKey shard, long round);
}
