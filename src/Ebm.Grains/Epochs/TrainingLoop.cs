using System.Diagnostics;
using System.Globalization;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Rollbacks;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Placement;
using Ebm.Grains.Reporting;
using Ebm.Grains.Runs;
using Ebm.Grains.Shards;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;
using Ebm.Grains.Versions;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Epochs;

/// <summary>
/// One epoch of a run: restore, rewind the shards, then round after round until the last one or a stop. All decisions
/// are
/// <see cref="ServerProtocol"/>'s. Runs as turns of the parameter server's grain.
/// </summary>
internal sealed class TrainingLoop(
    ServerStart start,
    RunContext run,
    IRunGrain grain,
    string silo,
    ShardCalls shards,
    ParameterCache cache,
    DeviceLanes lanes,
    ICheckpointStore checkpoints,
    IReplayStore replay,
    IRunJournal journal,
    EpochStarts starts,
    FaultPoints faults,
    LaneSilos silos,
    IGrainFactory grains,
    ILogger<RunReporter> reports,
    ILogger<ShardLocations> moves,
    SiloMetrics metrics,
    TimeProvider time)
{
    private readonly string _numerics = NumericsFingerprint.Current(lanes.Device.type);
    private readonly VersionBoard _versions = new(run, start.Epoch, cache, lanes);
    private readonly RunReporter _reporter = new(run.Id, start.Epoch, silo, grain, journal, time, reports);
    private readonly RunArtefacts _artefacts = new(run, start.Epoch, journal, lanes);
    private readonly CancellationTokenSource _interrupt = new();
    private readonly RoundTimings _clock = new(time);
    private RunEvaluations? _evaluations;
    private RoundUpdate? _update;
    private ServerProtocol? _protocol;
    private NegativesCollector? _intake;
    private RoundTraces? _traces;
    private ShardLocations? _places;
    private bool _stop;
    private bool _leaving;

    private RoundPlan Rounds => new(
        run.Plan.Shards.Count, run.Plan.Rounds, run.Spec.Learning.Lag, run.Spec.Output.CheckpointEvery)
    {
        Outcomes = run.Plan.Outcomes,
    };

    /// <summary>Rounds applied.</summary>
    public long Version => _protocol?.State.Applied ?? 0;

    /// <summary>Ends at the next round boundary that can have a checkpoint.</summary>
    public void RequestStop()
    {
        _stop = true;
        _protocol?.RequestStop();
        _intake?.Signal();
        _interrupt.Cancel();
    }

    /// <summary>Ends in the same way, for a server on another silo to go on.</summary>
    public void HandOver()
    {
        _leaving = true;
        RequestStop();
    }

    /// <summary>What it is at, for people who look.</summary>
    public ServerView View() => new(start.Epoch, _places?.Of(run.Plan.Shards.Count) ?? [], _clock.Latest());

    /// <summary>One block of a version, for another silo.</summary>
    public Task<ParameterBlock> Pull(long version, int block) => _versions.Pull(version, block);

    /// <summary>Works until the epoch ends; returns how.</summary>
    public async Task<ServerReport> Run(CancellationToken cancellationToken)
    {
        var cause = Activity.Current;
        using var restoring = Tracing.Start(Catalogue.RestoreSpan).With(Catalogue.Run, run.Id)
            .With(Catalogue.Epoch, start.Epoch);
        var keeper = new CheckpointKeeper(
            run, start.Run.SpecDigest, _numerics, start.Epoch, checkpoints, replay, lanes, metrics, time);
        var pins = new RunPins(run.Data.Digest, _numerics, run.ModuleDigest);
        PinCheck.Check(start.Run, pins);
        var latest = await keeper.Latest(
            start.Run.AllowNewHardware, text => _reporter.Event(RunEventKind.Notice, 0, text));
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var state = await Restore(latest);
        var rollbacks = state.Recovery.Rollbacks;
        metrics.ServerBegins(run.Id, run.Plan.Rounds, run.Plan.Shards.Count);
        try
        {
            _protocol = ServerProtocol.Start(
                Rounds, start.Epoch, state.Attempt, latest?.AttemptBase ?? 0, state.Version,
                RecoveryPolicy.Sampler(rollbacks));
            _update = new RoundUpdate(run, lanes, faults, metrics, time, RecoveryPolicy.EnergyL2(run.Spec, rollbacks));
            _traces = new RoundTraces(run.Id, start.Epoch, cause, start.Trace, state.Version + 1);
            _places = new ShardLocations(run.Id, start.Run.Needs, grains, silos, _reporter, time, moves);
            _intake = new NegativesCollector(run, _protocol, shards, _places, _traces, _clock);
            _evaluations = new RunEvaluations(
                start, run, new CheckpointEvaluation(start, run, checkpoints, journal, _reporter, lanes, grains, time),
                _protocol, _intake,
                _artefacts, _reporter);
            await journal.CutMetrics(run.Id, start.Epoch, state.Version);
            await _reporter.Flush(new ServerReport
            {
                Epoch = start.Epoch,
                Rounds = run.Plan.Rounds,
                Restored = state.Version,
                Rollbacks = rollbacks,
                Pins = pins,
                Shape = new RunShape(
                    run.Plan.Chains, run.Plan.Shards.Count, run.Energy.Layout.Length, run.Data.Train.Count,
                    run.Data.Train.Features),
            }, working.Token);
            await _intake.Rewind(working.Token);
            restoring.With(Catalogue.Version, state.Version)?.Dispose();
            if (latest is { Attempt: > 0 } && latest.AttemptBase == state.Version)
            {
                // Told where it takes effect: whoever decided it may have died before it could tell.
                _reporter.Event(RunEventKind.Rollback, state.Version, RecoveryText.Of(run.Spec, rollbacks));
            }
            else if (latest is not null)
            {
                _reporter.Event(RunEventKind.Notice, state.Version, string.Create(
                    CultureInfo.InvariantCulture, $"goes on from the checkpoint of round {state.Version}"));
            }

            if (_stop)
            {
                _protocol.RequestStop();
            }

            _evaluations.Resume(state, working.Token);
            var manifest = await Train(state, keeper, working.Token);
            manifest ??= (await checkpoints.List(run.Id)).FirstOrDefault(
                m => m.Attempt == state.Attempt && m.Round == state.Version);
            return await Finish(state, manifest, working.Token);
        }
        catch (DivergedException broken)
        {
            _traces!.Fail(broken);
            _traces.Enter(broken.Breach.Round, state.Attempt, checkpoint: false);
            using var span = Tracing.Start(Catalogue.RollbackSpan).With(Catalogue.Round, broken.Breach.Round)
                .With(Catalogue.Attempt, state.Attempt);
            await _reporter.FlushBeforeFailure(working.Token);
            var rollback = new RunRollback(start, run, keeper, starts, checkpoints, lanes, faults, metrics);
            return await rollback.Begin(state, _protocol!.State.AttemptBase, broken) with { Silo = silo,
                Leaving = _leaving };
        }
        catch (EvaluatedCheckpointLostException lost)
        {
            await checkpoints.Forget(run.Id, start.Epoch, lost.Attempt, lost.Round);
            return new ServerReport { Epoch = start.Epoch, Silo = silo,
                Rewind = lost.Message + "; its rounds are computed again" };
        }
        catch (EbmException e)
        {
            _traces?.Fail(e);
            await _reporter.FlushBeforeFailure(working.Token);
            throw;
        }
        catch (ShardOutOfStepException e)
        {
            _traces?.Fail(e);
            throw;
        }
        finally
        {
            _traces?.End();
            metrics.ServerEnds(run.Id);
            await working.CancelAsync();
            _versions.Clear();
        }
    }

    private async Task<Manifest?> Train(
        TrainerState state, CheckpointKeeper keeper, CancellationToken cancellationToken)
    {
        Manifest? manifest = null;
        while (!_protocol!.IsFinished)
        {
            var begun = time.GetTimestamp();
            var round = state.Version + 1;
            var keys = new RoundKeys(run.Spec.Seed, state.Attempt, round);
            _traces!.Enter(round, state.Attempt, _protocol.IsCheckpoint(round));
            _clock.Begin(round);
            using var current = _versions.Lease(state.Version);
            _intake!.AskNext(cancellationToken);

            // The data's side needs no negatives: it fills the lanes while they are drawn.
            var batch = run.Batches(state.Attempt).Indices(round);
            await using var data = new PendingSum(_update!.OfData(current.Parameters, keys, batch));
            await _evaluations!.SayWaiting(cancellationToken);
            _clock.Lap(RoundStage.Ask);
            var waiting = time.GetTimestamp();
            if (await _intake.Arrive(round, cancellationToken) is not { } drawn)
            {
                break;
            }

            _clock.Lap(RoundStage.Wait);
            metrics.Waited(time.GetElapsedTime(waiting));
            var chains = BlockTree.Reduce(drawn.Length, i => drawn[i].Figures, ChainMetrics.Add);
            Trainer.Check(chains, round);
            var classes = run.Classes?.OfRound(keys, batch) ?? [];
            var (applied, next) = await _update.Apply(
                state, current.Parameters, data, [.. drawn.Select(n => n.States)], classes, chains);
            _clock.Lap(RoundStage.Update);
            var figures = Publish(state, applied, next);
            _evaluations.Pass(state);
            _protocol.OnApplied(state.Version);
            _versions.Retire(_protocol.OldestVersionNeeded);
            faults.Reached(FaultPoint.AfterUpdate, run.Id, round);
            _places!.Balance();
            _clock.Lap(RoundStage.Publish);

            var report = new RoundReport(figures, run.Plan.Chains, time.GetElapsedTime(begun).TotalSeconds);
            _reporter.Round(report, run.Plan.IsMetricsRound((int)round));
            metrics.Round(
                run.Id, figures, report.Negatives, report.Seconds,
                round - 1 - Rounds.VersionFor(round, _protocol.State.AttemptBase));
            if (run.Plan.IsSampleRound((int)round))
            {
                await _artefacts.OfRound(state, [.. drawn.Select(n => n.States)], classes, _reporter);
                _clock.Lap(RoundStage.Pictures);
            }

            if (_protocol.IsCheckpoint(round))
            {
                manifest = await Checkpoint(state, keeper);
                _clock.Lap(RoundStage.Checkpoint);
            }

            await _evaluations.IfDue(state, cancellationToken);
            _clock.Lap(RoundStage.Evaluate);
            await _reporter.FlushIfDue(cancellationToken);
            _clock.Lap(RoundStage.Report);
            _traces.End(figures);
        }

        return manifest;
    }

    private RoundMetrics Publish(TrainerState state, AppliedRound applied, Parameters next)
    {
        using var span = Tracing.Start(Catalogue.PublishSpan).With(Catalogue.Version, state.Version);
        _versions.Publish(state.Version, next);
        return applied.Breach is { } breach
            ? throw new DivergedException($"Round {breach.Round}: {breach}. Training has diverged.", breach)
            : applied.Figures;
    }

    private async Task<TrainerState> Restore(Checkpoint? latest)
    {
        var (state, versions) = await starts.Begin(run, start.Run.Lineage, latest);
        foreach (var (version, parameters) in versions.OrderBy(v => v.Key))
        {
            _versions.Publish(version, parameters);
        }

        return state;
    }

    private async Task<Manifest> Checkpoint(TrainerState state, CheckpointKeeper keeper)
    {
        var leases = new List<ParameterLease>();
        try
        {
            for (var version = _protocol!.OldestVersionNeeded; version <= state.Version; version++)
            {
                leases.Add(_versions.Lease(version));
            }

            // What a checkpoint covers is never computed again, so it has to be in the metrics before.
            await _reporter.Save();
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

    private Task<ServerReport> Finish(TrainerState state, Manifest? manifest, CancellationToken cancellationToken)
    {
        var isComplete = state.Version == run.Plan.Rounds || _protocol!.IsEndedByOutcome;
        return new EpochCompletion(start, run, silo, _evaluations!, _artefacts, _reporter)
            .Report(state, manifest, isComplete, () => _leaving, _interrupt.Token, cancellationToken);
    }
}
