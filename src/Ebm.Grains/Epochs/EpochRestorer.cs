using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Checkpoints;
using Ebm.Grains.Devices;
using Ebm.Grains.Reporting;
using Ebm.Grains.Runs;
using Ebm.Grains.Stores;
using Microsoft.Extensions.Logging;

namespace Ebm.Grains.Epochs;

/// <summary>Restores a run from its newest intact checkpoint, or from version 0.</summary>
internal sealed class EpochRestorer(
    TrainerStateLoader states, ICheckpointStore checkpoints, IRunJournal journal, DeviceLanes lanes, TimeProvider time,
    ILogger<RunReporter> logger)
{
    /// <summary>The state that the epoch starts from; the caller disposes it after the epoch.</summary>
    /// <exception cref="EbmException">Spec, data, module or numerics are not those of the run.</exception>
    public async Task<RestoredEpoch> Restore(EpochAssignment assignment)
    {
        var (start, run) = (assignment.Start, assignment.Run);
        var reporter = new RunReporter(run.Id, start.Epoch, assignment.Silo, assignment.Grain, journal, time, logger);
        var pins = new RunPins(run.Data.Digest, NumericsFingerprint.Current(lanes.Device.type), run.ModuleDigest);
        PinCheck.Check(start.Run, pins);
        var latest = await checkpoints.Latest(run.Id, text => reporter.RecordNotice(0, text));
        if (latest is not null)
        {
            Check(latest, start.Run, pins);
        }

        var (state, versions) = await states.Load(run, start.Run.Lineage, latest);
        return new RestoredEpoch(
            assignment, pins, state, versions, latest?.AttemptBase ?? 0, latest is not null, reporter);
    }

    private static void Check(Checkpoint latest, RunDescription run, RunPins here)
    {
        if ((latest.SpecDigest, latest.DataDigest, latest.ModuleDigest)
            != (run.SpecDigest, here.DataDigest, here.ModuleDigest))
        {
            throw new EbmException(
                $"the checkpoint of round {latest.Round} belongs to other data, another spec or another module: files "
                + "have changed since the run began. Restore them, or start a new run.");
        }

        if (latest.Numerics != here.Numerics && !run.AllowNewHardware)
        {
            throw new EbmException(
                $"the checkpoint of round {latest.Round} was computed on '{latest.Numerics}', and this silo is "
                + $"'{here.Numerics}': the result could differ. Resume the run there, or pass --allow-new-hardware.");
        }
    }
}
