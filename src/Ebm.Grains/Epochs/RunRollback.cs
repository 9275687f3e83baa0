using Ebm.Contracts.Epochs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Recovery;
using Ebm.Core.Rollbacks;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>
/// Rolls a run back that has diverged: stores the checkpoint that the next attempt starts from. That write is the
/// rollback. If the server dies before it, the run diverges again at the same round; if after it, the run continues in
/// the next attempt.
/// </summary>
internal sealed class RunRollback(
    TrainerStateLoader states, ICheckpointStore checkpoints, DeviceLanes lanes, FaultPoints faults, SiloMetrics metrics)
{
    /// <summary>Rolls back; returns the rewind that follows.</summary>
    /// <param name="epoch">
    /// The epoch that has diverged; of its state only the attempt and the rollbacks are read.
    /// </param>
    /// <param name="diverged">The divergence.</param>
    /// <exception cref="DivergedException">The spec allows no rollback, or no further one.</exception>
    public async Task<EpochResult.Rewind> Begin(Epoch epoch, EpochResult.Diverged diverged)
    {
        var (run, state, violation) = (epoch.Run, epoch.State, diverged.Violation);
        epoch.Traces.Enter(violation.Round, state.Attempt, checkpoint: false);
        using var span = Tracing.Start(Catalogue.RollbackSpan)
            .With(Catalogue.Round, violation.Round).With(Catalogue.Attempt, state.Attempt);
        await epoch.Reporter.FlushBeforeFailure(epoch.Working);
        var (spec, before) = (run.Spec.Recovery, state.Recovery.Rollbacks);
        if (spec.OnDivergence != OnDivergence.Rollback || before.Count >= spec.MaxRollbacks)
        {
            var error = new DivergedException(diverged.Message, violation);
            throw new DivergedException(RecoveryText.GivenUp(error, run.Spec, before), violation);
        }

        var target = run.RollbackPoints.Target(violation.Round, epoch.Protocol.State.AttemptBase, before);
        if (await FindHealthy(epoch, target) is not { } healthy)
        {
            await epoch.Checkpoints.Forget(state.Attempt, target);
            return new EpochResult.Rewind(new RewindCause { Reason = RewindReason.CheckpointLost, Round = target });
        }

        faults.Reached(FaultPoint.BeforeRollback, run.Id, violation.Round);
        var attempts = new NewAttempt(
            run.Spec, run.Energy, new RunawayChains(run.Spec, run.Energy, run.Codec, run.Classes), run.Plan.Shards);
        var next = await lanes.Run(
            run.Id, lane => attempts.Begin(healthy, state.Attempt, before, violation, lane.Noise, lane.Device));
        await checkpoints.Write(run.Id, epoch.Assignment.Epoch, next);
        metrics.RolledBack();
        faults.Reached(FaultPoint.AfterRollback, run.Id, violation.Round);
        return new EpochResult.Rewind(
            new RewindCause { Reason = RewindReason.Divergence, Round = violation.Round }, next.Rollbacks);
    }

    /// <summary>The checkpoint to roll back to; null where it cannot be read.</summary>
    private async Task<Checkpoint?> FindHealthy(Epoch epoch, long round)
    {
        if (round == 0)
        {
            return await MakeFirst(epoch);
        }

        try
        {
            return await checkpoints.Read(epoch.Run.Id, round, epoch.State.Attempt);
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Version 0, which has no checkpoint in the store.</summary>
    private async Task<Checkpoint> MakeFirst(Epoch epoch)
    {
        var run = epoch.Run;
        var (state, versions) = await states.Load(run, epoch.Assignment.Start.Run.Lineage, null);
        using (state)
        {
            using var parameters = versions[0];
            var slots = new List<ReadOnlyMemory<byte>>();
            foreach (var shard in run.HasSlots ? run.Plan.Shards : [])
            {
                slots.Add(await lanes.Run(run.Id, lane => run.Negatives.FreshSlots(
                    run.Spec.Seed, shard.FirstSlot, shard.Slots, lane.Noise, lane.Device)));
            }

            return await epoch.Checkpoints.Capture(state, 0, versions, slots, scheduled: true);
        }
    }
}
