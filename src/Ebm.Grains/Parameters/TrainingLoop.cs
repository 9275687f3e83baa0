using System.Globalization;
using Ebm.Contracts.Parameters;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Rounds;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Placement;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Parameters;

/// <summary>
/// One epoch of a run: restore, rewind the shards, then round after round until the last one or a stop. All decisions are
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
    RunStarts starts,
    FaultPoints faults,
    LaneSilos silos,
    IGrainFactory grains,
    ILogger<RunReporter> reports,
    ILogger<ShardPlaces> moves,
    TimeProvider time)
{
    private readonly string _numerics = NumericsFingerprint.Current(lanes.Device.type);
    private readonly VersionBoard _versions = new(run, start.Epoch, cache, lanes);
    private readonly RunReporter _reporter = new(run.Id, start.Epoch, silo, grain, journal, time, reports);
    private readonly RunArtefacts _artefacts = new(run, start.Epoch, journal, lanes);
    private readonly ShardPlaces _places = new(run.Id, start.Run.Needs, grains, silos, time, moves);

    private RoundUpdate? _update;
    private ServerProtocol? _protocol;
    private NegativesIntake? _intake;
    private bool _stop;
    private bool _leaving;

    private RoundPlan Rounds => new(
        run.Plan.Shards.Count, run.Plan.Rounds, run.Spec.Learning.Lag, run.Spec.Output.CheckpointEvery);

    /// <summary>Rounds applied.</summary>
    public long Version => _protocol?.State.Applied ?? 0;

    /// <summary>Ends at the next round boundary that can have a checkpoint.</summary>
    public void RequestStop()
    {
        _stop = true;
        _protocol?.RequestStop();
        _intake?.Signal();
    }

    /// <summary>Ends in the same way, for a server on another silo to go on.</summary>
    public void HandOver()
    {
        _leaving = true;
        RequestStop();
    }

    /// <summary>One block of a version, for another silo.</summary>
    public Task<ParameterBlock> Pull(long version, int block) => _versions.Pull(version, block);

    /// <summary>Works until the epoch ends; returns how.</summary>
    public async Task<ServerReport> Run(CancellationToken cancellationToken)
    {
        var keeper = new CheckpointKeeper(run, start.Run.SpecDigest, _numerics, start.Epoch, checkpoints, replay, lanes);
        var pins = new RunPins(run.Data.Digest, _numerics, run.ModuleDigest);
        PinCheck.Check(start.Run, pins);
        var latest = await keeper.Latest(
            start.Run.AllowNewHardware, text => _reporter.Event(RunEventKind.Notice, 0, text));
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var state = await Restore(latest);
        var rollbacks = state.Recovery.Rollbacks;
        try
        {
            _protocol = ServerProtocol.Start(
                Rounds, start.Epoch, state.Attempt, latest?.AttemptBase ?? 0, state.Version, RecoveryPolicy.Sampler(rollbacks));
            _update = new RoundUpdate(run, lanes, faults, RecoveryPolicy.EnergyL2(run.Spec, rollbacks));
            _intake = new NegativesIntake(run, _protocol, shards, _places);
            await journal.CutMetrics(run.Id, start.Epoch, state.Version);
            await _reporter.Flush(new ServerReport
            {
                Epoch = start.Epoch,
                Rounds = run.Plan.Rounds,
                Restored = state.Version,
                Rollbacks = rollbacks,
                Pins = pins,
                Shape = new RunShape(
                    run.Plan.Chains, run.Plan.Shards.Count, run.Energy.Layout.Length, run.Data.Train.Count, run.Data.Train.Features),
            }, working.Token);
            await _intake.Rewind(working.Token);
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

            var manifest = await Train(state, keeper, working.Token);
            manifest ??= (await checkpoints.List(run.Id)).FirstOrDefault(
                m => m.Attempt == state.Attempt && m.Round == state.Version);
            return await Finish(state, manifest, working.Token);
        }
        catch (DivergedException broken)
        {
            await TellRounds(working.Token);
            var rollback = new RunRollback(start, run, keeper, starts, checkpoints, lanes, faults);
            return await rollback.Begin(state, _protocol!.State.AttemptBase, broken) with { Silo = silo, Leaving = _leaving };
        }
        catch (EbmException)
        {
            await TellRounds(working.Token);
            throw;
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
            using var current = _versions.Lease(state.Version);
            _intake!.AskNext(cancellationToken);

            // The data's side needs no negatives: it fills the lanes while they are drawn.
            var batch = run.Batches(state.Attempt).Indices(round);
            await using var data = new PendingSum(_update!.OfData(current.Parameters, keys, batch));
            if (await _intake.Arrive(round, cancellationToken) is not { } drawn)
            {
                break;
            }

            var chains = BlockTree.Reduce(drawn.Length, i => drawn[i].Figures, ChainFigures.Add);
            Trainer.Check(chains, round);
            using var negatives = await _update.OfNegatives(current.Parameters, [.. drawn.Select(n => n.States)]);
            var figures = await Apply(state, await data.Sum, negatives, chains);
            _protocol.OnApplied(state.Version);
            _versions.Retire(_protocol.OldestVersionNeeded);
            faults.Reached(FaultPoint.AfterUpdate, run.Id, round);
            _places.Balance();

            var report = new RoundReport(figures, run.Plan.Chains, time.GetElapsedTime(begun).TotalSeconds);
            _reporter.Round(report, run.Plan.IsMetricsRound((int)round));
            if (run.Plan.IsSampleRound((int)round))
            {
                var (name, text) = await _artefacts.Samples(state, drawn.Select(n => n.States), round);
                Noted(round, name);
                if (text is not null)
                {
                    _reporter.Event(RunEventKind.Samples, round, text);
                }

                Noted(round, await _artefacts.Energies(state, drawn.Select(n => n.States)));
            }

            if (run.Plan.IsEvaluationRound((int)round) && round < run.Plan.Rounds)
            {
                await Evaluate(state);
            }

            if (_protocol.IsCheckpoint(round))
            {
                manifest = await Checkpoint(state, keeper);
            }

            await _reporter.FlushIfDue(cancellationToken);
        }

        return manifest;
    }

    private async Task<RoundFigures> Apply(
        TrainerState state, PhaseSum data, PhaseSum negatives, ChainFigures chains)
    {
        var (applied, next) = await lanes.Run(run.Id, _ =>
        {
            var applied = run.Trainer.Apply(state, data, negatives, chains);
            applied.Previous.Dispose();
            return (applied, RunStarts.Share(run, state.Parameters, state.TuningOf(state.Version)));
        });
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

    private async Task<ServerReport> Finish(TrainerState state, Manifest? manifest, CancellationToken cancellationToken)
    {
        if (_leaving && state.Version < run.Plan.Rounds)
        {
            return new ServerReport
            {
                Epoch = start.Epoch,
                Silo = silo,
                Rewind = $"the parameter server's silo stops; it handed over after round {state.Version}",
                Leaving = true,
            };
        }

        var evaluation = await Evaluate(state);
        Noted(state.Version, await _artefacts.Curves());
        var report = new ServerReport
        {
            Epoch = start.Epoch,
            Silo = silo,
            Ended = state.Version == run.Plan.Rounds ? RunState.Succeeded : RunState.Stopped,
            Result = manifest is null ? null : new RunResult
            {
                Round = manifest.Round,
                ParametersSha256 = manifest.ParametersSha256,
                StateSha256 = manifest.StateSha256,
                Evaluation = evaluation,
            },
        };
        await _reporter.Flush(report with { Ended = null, Result = null }, cancellationToken);
        return report;
    }

    private async Task<IReadOnlyDictionary<string, double>> Evaluate(TrainerState state)
    {
        var (name, figures) = await _artefacts.Evaluation(state);
        Noted(state.Version, name);
        foreach (var (figure, value) in figures)
        {
            _reporter.Event(RunEventKind.Evaluation, state.Version, string.Create(
                CultureInfo.InvariantCulture, $"{figure} {value:0.####}"));
        }

        return figures;
    }

    /// <summary>The rounds before a failure are told with it.</summary>
    private async Task TellRounds(CancellationToken cancellationToken)
    {
        try
        {
            await _reporter.Flush(new ServerReport { Epoch = start.Epoch }, cancellationToken);
        }
        catch (EbmException)
        {
            // A full disk, say, fails this too; the first error is the one to tell.
        }
    }

    private void Noted(long round, string artefact) => _reporter.Event(RunEventKind.Artefact, round, artefact);
}
