using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;

namespace Ebm.Grains.Epochs;

/// <summary>
/// The end of an epoch that no rewind has cut short: the last evaluation, the curves, and the result.
/// </summary>
internal sealed class EpochCompletion(Epoch epoch)
{
    /// <summary>Ends the run, or the part of it before a stop, or hands it over.</summary>
    /// <param name="manifest">The checkpoint of the last round; null where it has none.</param>
    public async Task<EpochResult> Finish(Manifest? manifest)
    {
        var (run, state, stop) = (epoch.Run, epoch.State, epoch.Assignment.Stop);
        var isComplete = state.Version == run.Plan.Rounds || epoch.Protocol.IsEndedByOutcome;
        var evaluation = isComplete
            ? await epoch.Evaluations.EvaluateFinal(state, stop.Interrupt, epoch.Working)
            : null;
        if (stop.IsHandover && evaluation is null)
        {
            return new EpochResult.HandedOver(state.Version);
        }

        if (isComplete && evaluation is null)
        {
            epoch.Reporter.RecordNotice(
                state.Version,
                $"log Z was not estimated: interrupted. `ebm evaluate {run.Id}` estimates it.");
        }

        evaluation ??= await epoch.Evaluations.EvaluateWithoutChains(state);
        epoch.Reporter.RecordFile(state.Version, await epoch.Artefacts.WriteCurves());
        await epoch.Reporter.Flush(epoch.Working);
        var result = manifest is null ? null : new RunResult
        {
            Round = manifest.Round,
            ParametersSha256 = manifest.ParametersSha256,
            StateSha256 = manifest.StateSha256,
            Evaluation = evaluation,
        };
        return isComplete ? new EpochResult.Completed(result) : new EpochResult.Stopped(result);
    }
}
