using Ebm.Contracts.Runs;
using Ebm.Core.Rollbacks;

namespace Ebm.Grains.Epochs;

/// <summary>Brings metrics, run and shards to the state that an epoch starts from.</summary>
internal sealed class EpochEntry(Epoch epoch)
{
    /// <summary>Cuts the metrics, reports the restored state, and rewinds all shards.</summary>
    /// <exception cref="Stores.StaleEpochException">A later epoch has replaced this one.</exception>
    /// <exception cref="Core.EbmException">A shard cannot be rewound.</exception>
    public async Task Enter()
    {
        var (run, state, reporter) = (epoch.Run, epoch.State, epoch.Reporter);
        var rollbacks = state.Recovery.Rollbacks;
        await reporter.CutMetrics(state.Version);
        await reporter.Flush(
            new ServerReport
            {
                Epoch = epoch.Assignment.Epoch,
                Rounds = run.Plan.Rounds,
                Restored = state.Version,
                Rollbacks = rollbacks,
                Pins = epoch.Restored.Pins,
                Shape = new RunShape(
                    run.Plan.Chains,
                    run.Plan.Shards.Count,
                    run.Energy.Layout.Length,
                    run.Data.Train.Count,
                    run.Data.Train.Features),
            },
            epoch.Working);
        await epoch.Inbox.RewindShards();
        if (epoch.Restored.IsRollback)
        {
            // Reported where it takes effect: the server that decided on it may have died before its report.
            var text = RecoveryText.Of(run.Spec, rollbacks);
            reporter.Record(new RunEvent(0, RunEventKind.Rollback, state.Version, text));
        }
        else if (epoch.Restored.FromCheckpoint)
        {
            reporter.RecordNotice(state.Version, $"resumes from the checkpoint of round {state.Version}");
        }
    }
}
