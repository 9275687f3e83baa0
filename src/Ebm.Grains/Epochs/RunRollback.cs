using System.Globalization;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Core.Learning;
using Ebm.Core.Recovery;
using Ebm.Core.Rollbacks;
using Ebm.Core.Spec;
using Ebm.Grains.Devices;
using Ebm.Grains.Faults;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Ebm.Grains.Telemetry;

namespace Ebm.Grains.Epochs;

/// <summary>
/// Takes a run that has diverged back: stores the checkpoint that the next attempt begins with. That write is the
/// rollback; a server that dies before it leaves a run that diverges again at the same round, one that dies after it a
/// run that goes on in the next attempt.
/// </summary>
internal sealed class RunRollback(
    ServerStart start, RunContext run, CheckpointKeeper keeper, EpochStarts starts, ICheckpointStore checkpoints,
    DeviceLanes lanes,
    FaultPoints faults, SiloMetrics metrics)
{
    private readonly NewAttempt _attempts =
        new(run.Spec, run.Energy, new RunawayChains(run.Spec, run.Energy, run.Codec, run.Classes), run.Plan.Shards);

    /// <summary>Goes back; returns what is to be told to the run.</summary>
    /// <param name="state">The state of the attempt that broke; only its number and its rollbacks are looked
    /// at.</param>
    /// <param name="attemptBase">Version that this attempt started from.</param>
    /// <param name="broken">What broke.</param>
    /// <exception cref="DivergedException">The spec does not allow it, or not once more.</exception>
    public async Task<ServerReport> Begin(TrainerState state, long attemptBase, DivergedException broken)
    {
        var (spec, before, breach) = (run.Spec.Recovery, state.Recovery.Rollbacks, broken.Breach);
        if (spec.OnDivergence != OnDivergence.Rollback || before.Count >= spec.MaxRollbacks)
        {
            throw new DivergedException(RecoveryText.GivenUp(broken, run.Spec, before), breach);
        }

        var report = new ServerReport { Epoch = start.Epoch };
        var target = run.RollbackPoints.Target(breach.Round, attemptBase, before);
        if (await Healthy(state.Attempt, target) is not { } healthy)
        {
            await checkpoints.Forget(run.Id, start.Epoch, state.Attempt, target);
            return report with
            {
                Rewind = $"the checkpoint of round {target}, to which the run was to go back, is gone or altered; "
                    + "its rounds are computed again",
            };
        }

        faults.Reached(FaultPoint.BeforeRollback, run.Id, breach.Round);
        var next = await lanes.Run(
            run.Id, lane => _attempts.Begin(healthy, state.Attempt, before, breach, lane.Noise, lane.Device));
        await checkpoints.Write(run.Id, start.Epoch, next);
        metrics.RolledBack();
        faults.Reached(FaultPoint.AfterRollback, run.Id, breach.Round);
        return report with { Rewind = string.Create(CultureInfo.InvariantCulture, $"diverged at round {breach.Round}"),
            Rollbacks = next.Rollbacks };
    }

    /// <summary>What the run goes back to; null where it cannot be read.</summary>
    private async Task<Checkpoint?> Healthy(int attempt, long round)
    {
        if (round == 0)
        {
            return await Beginning();
        }

        try
        {
            return await checkpoints.Read(run.Id, round, attempt);
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>Version 0, which no checkpoint holds.</summary>
    private async Task<Checkpoint> Beginning()
    {
        var (state, versions) = await starts.Begin(run, start.Run.Lineage, null);
        using (state)
        {
            using var parameters = versions[0];
            var slots = new List<ReadOnlyMemory<byte>>();
            foreach (var shard in run.HasSlots ? run.Plan.Shards : [])
            {
                slots.Add(await lanes.Run(run.Id, lane => run.Negatives.FreshSlots(
                    run.Spec.Seed, shard.FirstSlot, shard.Slots, lane.Noise, lane.Device)));
            }

            return await keeper.Capture(state, 0, versions, slots, scheduled: true);
        }
    }
}
