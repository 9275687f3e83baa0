using System.Threading.Channels;
using Ebm.Contracts.Chains;
using Ebm.Contracts.Parameters;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Core.Rounds;
using Ebm.Grains.Devices;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using TorchSharp;

namespace Ebm.Grains.Parameters;

/// <summary>
/// One epoch of a run: restore, rewind the shards, then round after round until the last one or a stop. All decisions are
/// <see cref="ServerProtocol"/>'s. Runs as turns of the parameter server's grain.
/// </summary>
internal sealed class TrainingLoop(
    ServerStart start,
    RunContext run,
    IRunGrain grain,
    ShardCalls shards,
    ParameterCache cache,
    DeviceLanes lanes,
    ICheckpointStore checkpoints,
    IReplayStore replay,
    IRunJournal journal,
    RunStarts starts,
    TimeProvider time)
{
    private readonly string _numerics = NumericsFingerprint.Current(lanes.Device.type);
    private readonly RoundUpdate _update = new(run, lanes);
    private readonly VersionBoard _versions = new(run, start.Epoch, cache, lanes);
    private readonly RunReporter _reporter = new(run.Id, start.Epoch, grain, journal, time);
    private readonly RunArtefacts _artefacts = new(run, start.Epoch, journal, lanes);
    private readonly Channel<Func<ShardNegatives?>> _arrivals = Channel.CreateUnbounded<Func<ShardNegatives?>>();
    private readonly ShardNegatives[] _negatives = new ShardNegatives[run.Plan.Shards.Count];
    private ServerProtocol? _protocol;
    private bool _stop;

    private RoundPlan Rounds => new(
        run.Plan.Shards.Count, run.Plan.Rounds, run.Spec.Learning.Lag, run.Spec.Output.CheckpointEvery);

    /// <summary>Rounds applied.</summary>
    public long Version => _protocol?.State.Applied ?? 0;

    /// <summary>Ends at the next round boundary that can have a checkpoint.</summary>
    public void RequestStop()
    {
        _stop = true;
        _protocol?.RequestStop();

        // Wakes the loop, which may be waiting for nothing else.
        _arrivals.Writer.TryWrite(() => null);
    }

    /// <summary>One block of a version, for another silo.</summary>
    public Task<ParameterBlock> Pull(long version, int block) => _versions.Pull(version, block);

    /// <summary>Works until the epoch ends; returns how.</summary>
    public async Task<ServerReport> Run(CancellationToken cancellationToken)
    {
        var keeper = new CheckpointKeeper(run, start.Run.SpecDigest, _numerics, start.Epoch, checkpoints, replay, lanes);
        CheckPins();
        var latest = await keeper.Latest(
            start.Run.AllowNewHardware, text => _reporter.Event(RunEventKind.Notice, 0, text));
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var state = await Restore(latest);
        try
        {
            _protocol = ServerProtocol.Start(
                Rounds, start.Epoch, state.Attempt, latest?.AttemptBase ?? 0, state.Version);
            await journal.CutMetrics(run.Id, start.Epoch, state.Version);
            await _reporter.Flush(new ServerReport
            {
                Epoch = start.Epoch,
                Rounds = run.Plan.Rounds,
                Pins = new RunPins(run.Data.Digest, _numerics),
            });
            await Rewind(working.Token);
            if (_stop)
            {
                _protocol.RequestStop();
            }

            var manifest = await Train(state, keeper, working.Token);
            return await Finish(state, manifest ?? (latest is null ? null : await Manifest(latest)));
        }
        finally
        {
            await working.CancelAsync();
            _versions.Clear();
        }
    }

    private async Task<Manifest?> Train(TrainerState state, CheckpointKeeper keeper, CancellationToken cancellationToken)
    {
        Manifest? manifest = null;
        while (!_protocol!.IsFinished)
        {
            var begun = time.GetTimestamp();
            var round = state.Version + 1;
            var keys = new RoundKeys(run.Spec.Seed, state.Attempt, round);
            using var current = await _versions.Lease(state.Version);
            AskNext(cancellationToken);

            // The data's side needs no negatives: it fills the lanes while they are drawn.
            var batch = run.Batches(state.Attempt).Indices(round);
            var data = _update.OfData(current.Parameters, keys, batch);
            if (!await NegativesArrive(cancellationToken))
            {
                (await data).Dispose();
                break;
            }

            var drawn = _negatives.ToArray();
            AskNext(cancellationToken);
            using var negatives = await _update.OfNegatives(current.Parameters, [.. drawn.Select(n => n.States)]);
            using var dataSum = await data;
            var figures = await Apply(state, dataSum, negatives, drawn);
            _protocol.OnApplied(state.Version);
            _versions.Retire(_protocol.OldestVersionNeeded);

            var report = new RoundReport(figures, run.Plan.Chains, time.GetElapsedTime(begun).TotalSeconds);
            _reporter.Round(report, run.Plan.IsMetricsRound((int)round));
            if (run.Plan.IsSampleRound((int)round))
            {
                await Artefact(round, await _artefacts.Samples(state, drawn.Select(n => n.States), round));
            }

            if (_protocol.IsCheckpoint(round))
            {
                manifest = await Checkpoint(state, keeper);
            }

            await _reporter.FlushIfDue();
        }

        return manifest;
    }

    /// <summary>Sends the orders that may be sent.</summary>
    private void AskNext(CancellationToken cancellationToken)
    {
        while (_protocol!.NextOrder() is { } order)
        {
            foreach (var shard in run.Plan.Shards)
            {
                _ = Ask(new ShardKey(run.Id, shard.Index), order, cancellationToken);
            }
        }
    }

    private async Task Ask(ShardKey shard, AdvanceOrder order, CancellationToken cancellationToken)
    {
        try
        {
            var negatives = await shards.Advance(shard, order, cancellationToken);
            _arrivals.Writer.TryWrite(() => _protocol!.OnNegatives(shard.Shard, order) ? negatives : null);
        }
        catch (Exception e)
        {
            // Thrown again in the loop, which decides what it means.
            var thrown = System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e);
            _arrivals.Writer.TryWrite(() =>
            {
                thrown.Throw();
                return null;
            });
        }
    }

    /// <summary>Waits until all negatives of the next round are here; false if the run stops before it.</summary>
    private async Task<bool> NegativesArrive(CancellationToken cancellationToken)
    {
        while (!_protocol!.ReadyToUpdate)
        {
            if (_protocol.IsFinished)
            {
                return false;
            }

            var arrival = await _arrivals.Reader.ReadAsync(cancellationToken);
            if (arrival() is { } negatives)
            {
                _negatives[negatives.Shard] = negatives;
            }
        }

        return true;
    }

    private async Task<RoundFigures> Apply(
        TrainerState state, PhaseSum data, PhaseSum negatives, ShardNegatives[] drawn)
    {
        var chains = BlockTree.Reduce(drawn.Length, i => drawn[i].Figures, ChainFigures.Add);
        return await lanes.Run(run.Id, _ =>
        {
            var (figures, previous) = run.Trainer.Apply(state, data, negatives, chains);
            previous.Dispose();
            _versions.Publish(state.Version, state.Parameters);
            return figures;
        });
    }

    private async Task<TrainerState> Restore(Checkpoint? latest)
    {
        var initial = latest is null ? await starts.Parameters(run, start.Run.Lineage) : null;
        return await lanes.Run(run.Id, lane =>
        {
            if (latest is null)
            {
                using var flat = initial;
                var fresh = run.Trainer.Initialise(flat!, DatasetSummaryOf(), lane.Device);
                _versions.Publish(0, fresh.Parameters);
                return fresh;
            }

            var restored = TrainerTensors.Restore(latest, lane.Device);
            foreach (var version in latest.Versions.Keys.Order())
            {
                using var flat = TrainerTensors.Parameters(latest, version, lane.Device);
                _versions.Publish(version, flat);
            }

            return restored;
        });
    }

    private Core.Energies.DataSummary DatasetSummaryOf() => Core.Data.DatasetSummary.Of(run.Data);

    private async Task Rewind(CancellationToken cancellationToken)
    {
        var order = _protocol!.Rewind;
        await Task.WhenAll(run.Plan.Shards.Select(async shard =>
        {
            await shards.Rewind(new ShardKey(run.Id, shard.Index), order, cancellationToken);
            _protocol.OnRewound(shard.Index, order.Epoch);
        }));
    }

    private async Task<Manifest> Checkpoint(TrainerState state, CheckpointKeeper keeper)
    {
        var leases = new List<ParameterLease>();
        try
        {
            for (var version = _protocol!.OldestVersionNeeded; version <= state.Version; version++)
            {
                leases.Add(await _versions.Lease(version));
            }

            var manifest = await keeper.Write(
                state, _protocol.State.AttemptBase, leases, _protocol.Plan.IsScheduled(state.Version));
            _reporter.Event(RunEventKind.Checkpoint, state.Version, manifest.StateSha256);
            return manifest;
        }
        finally
        {
            leases.ForEach(lease => lease.Dispose());
        }
    }
}
