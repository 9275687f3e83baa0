using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Core.Diagnostics;
using Ebm.Core.Energies;
using Ebm.Core.Learning;
using Ebm.Core.Randomness;
using Ebm.Core.Recovery;
using Ebm.Core.Rounds;
using Ebm.Core.Sampling;
using Ebm.Grains.Faults;
using Ebm.Grains.Reporting;
using Ebm.Grains.Shards;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The rounds of one epoch, until the last one or a stop. All decisions are <see cref="ServerProtocol"/>'s. Runs as
/// turns of the parameter server's grain.
/// </summary>
internal sealed class TrainingLoop(Epoch epoch)
{
    private readonly ServerProtocol _protocol = epoch.Protocol;
    private readonly TrainerState _state = epoch.State;
    private Manifest? _manifest;

    /// <summary>Trains until the epoch ends.</summary>
    /// <exception cref="StaleEpochException">A later epoch has replaced this one.</exception>
    /// <exception cref="Core.EbmException">The run has failed.</exception>
    public async Task<EpochResult> Run()
    {
        try
        {
            epoch.Evaluations.Resume(_state, epoch.Working);
            while (!_protocol.IsFinished)
            {
                var begun = epoch.Time.GetTimestamp();
                var number = _state.Version + 1;

                // Here and not in a callee, whose current span would end with its return.
                epoch.Traces.Enter(number, _state.Attempt, _protocol.IsCheckpoint(number));
                if (await Compute(number) is not { } round)
                {
                    break;
                }

                if (round.Violation is { } violation)
                {
                    return Diverge(
                        new DivergedException($"Round {number}: {violation}. Training has diverged.", violation));
                }

                await Record(round, epoch.Time.GetElapsedTime(begun));
                epoch.Traces.End(round.Metrics);
            }

            _manifest ??= await epoch.Checkpoints.Find(_state);
            return await new EpochCompletion(epoch).Finish(_manifest);
        }
        catch (DivergedException e)
        {
            return Diverge(e);
        }
        catch (EvaluatedCheckpointLostException lost)
        {
            await epoch.Checkpoints.Forget(lost.Attempt, lost.Cause.Round);
            return new EpochResult.Rewind(lost.Cause);
        }
        catch (ShardOutOfStepException e)
        {
            epoch.Traces.Fail(e);
            return new EpochResult.Rewind(e.Cause);
        }
        catch (CorruptRecordException e)
        {
            epoch.Traces.Fail(e);
            await epoch.Reporter.FlushBeforeFailure(epoch.Working);
            return new EpochResult.Rewind(new RewindCause { Reason = RewindReason.CorruptRecord, Problem = e.Message });
        }
    }

    private EpochResult.Diverged Diverge(DivergedException e)
    {
        epoch.Traces.Fail(e);
        return new EpochResult.Diverged(e.Violation, e.Message);
    }

    /// <summary>Makes and publishes the next version; null if the run stops before the round.</summary>
    /// <exception cref="DivergedException">Values are not finite.</exception>
    private async Task<ComputedRound?> Compute(long round)
    {
        var (run, timings) = (epoch.Run, epoch.Timings);
        var keys = new RoundKeys(run.Spec.Seed, _state.Attempt, round);
        timings.Begin(round);
        using var current = epoch.Versions.Lease(_state.Version);
        epoch.Inbox.SendOrders();

        // The positive phase needs no negatives: it fills the lanes while chains run.
        var batch = run.Batches(_state.Attempt).Indices(round);
        await using var positive = new PendingSum(epoch.Update.SumPositivePhase(current.Parameters, keys, batch));
        if (_protocol.AwaitedOutcome is { } awaited)
        {
            await epoch.Evaluations.NotifyWaiting(awaited, _protocol.State.Asked + 1, epoch.Working);
        }

        timings.RecordStage(RoundStage.Ask);
        var waiting = epoch.Time.GetTimestamp();
        if (await epoch.Inbox.WaitForNegatives(round, epoch.Working) is not { } drawn)
        {
            return null;
        }

        timings.RecordStage(RoundStage.Wait);
        epoch.Metrics.Waited(epoch.Time.GetElapsedTime(waiting));
        var chains = BlockTree.Reduce(drawn.Length, i => drawn[i].Figures, ChainMetrics.Add);

        // Trainer checks the same; here before a user's module gets states that are not finite.
        Trainer.Check(chains, round);
        var classes = run.Classes?.OfRound(keys, batch) ?? [];
        ReadOnlyMemory<byte>[] negatives = [.. drawn.Select(n => n.States)];
        var (applied, next) = await epoch.Update.Apply(
            _state, current.Parameters, positive, negatives, classes, chains);
        timings.RecordStage(RoundStage.Update);
        if (applied.Violation is null)
        {
            Publish(round, next);
        }
        else
        {
            next.Dispose();
        }

        return new ComputedRound(applied.Metrics, negatives, classes, applied.Violation);
    }

    private void Publish(long version, Parameters parameters)
    {
        using (Tracing.Start(Catalogue.PublishSpan).With(Catalogue.Version, version))
        {
            epoch.Versions.Publish(version, parameters);
        }

        epoch.Evaluations.RecordApplied(_state);
        _protocol.OnApplied(version);
        epoch.Versions.Retire(_protocol.OldestVersionNeeded);
        epoch.Faults.Reached(FaultPoint.AfterUpdate, epoch.Run.Id, version);
        epoch.Locations.Balance();
        epoch.Timings.RecordStage(RoundStage.Publish);
    }

    /// <summary>Writes and reports all that is due after a round.</summary>
    private async Task Record(ComputedRound round, TimeSpan elapsed)
    {
        var (run, timings, number) = (epoch.Run, epoch.Timings, round.Metrics.Round);
        var report = new RoundReport(round.Metrics, run.Plan.Chains, elapsed.TotalSeconds);
        epoch.Reporter.RecordRound(report, run.Plan.IsMetricsRound((int)number));
        var staleness = number - 1 - _protocol.Plan.VersionFor(number, _protocol.State.AttemptBase);
        epoch.Metrics.Round(run.Id, round.Metrics, report.Negatives, report.Seconds, staleness);
        if (run.Plan.IsSampleRound((int)number))
        {
            await epoch.Artefacts.WriteRound(_state, round.Negatives, round.Classes, epoch.Reporter);
            timings.RecordStage(RoundStage.Pictures);
        }

        if (_protocol.IsCheckpoint(number))
        {
            _manifest = await epoch.Checkpoints.Write(_state, _protocol);
            timings.RecordStage(RoundStage.Checkpoint);
        }

        await epoch.Evaluations.EvaluateIfDue(_state, epoch.Working);
        timings.RecordStage(RoundStage.Evaluate);
        await epoch.Reporter.FlushIfDue(epoch.Working);
        timings.RecordStage(RoundStage.Report);
    }

    private sealed record ComputedRound(
        RoundMetrics Metrics, ReadOnlyMemory<byte>[] Negatives, int[] Classes, LimitViolation? Violation);
}
