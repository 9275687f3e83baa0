using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core.Checkpoints;
using Ebm.Core.Learning;
using Ebm.Grains.Reporting;
using Ebm.Grains.Runs;

namespace Ebm.Grains.Epochs;

/// <summary>
/// What an epoch that went through its rounds leaves behind: the last evaluation, the curves, and what the run is told.
/// </summary>
internal sealed class EpochCompletion(
    ServerStart start, RunContext run, string silo, RunEvaluations evaluations, RunArtefacts artefacts,
    RunReporter reporter)
{
    /// <summary>Ends the run, or the part of it that a stop allowed, or hands it over.</summary>
    /// <param name="state">The state after the last round.</param>
    /// <param name="manifest">Its checkpoint.</param>
    /// <param name="isComplete">Whether there are no more rounds to come.</param>
    /// <param name="isLeaving">Whether the silo is about to stop, so that a server elsewhere goes on.</param>
    /// <param name="interrupt">Gives the last evaluation up.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public async Task<ServerReport> Report(
        TrainerState state, Manifest? manifest, bool isComplete, Func<bool> isLeaving, CancellationToken interrupt,
        CancellationToken cancellationToken)
    {
        var evaluation = isComplete ? await evaluations.Last(state, interrupt, cancellationToken) : null;
        if (isLeaving() && evaluation is null)
        {
            return Left(state);
        }

        if (isComplete && evaluation is null)
        {
            reporter.Event(
                RunEventKind.Notice, state.Version,
                $"log Z was not estimated to the end; `ebm evaluate {run.Id}` does so");
        }

        evaluation ??= await evaluations.Quick(state);
        reporter.Event(RunEventKind.Artefact, state.Version, await artefacts.Curves());
        var report = new ServerReport
        {
            Epoch = start.Epoch,
            Silo = silo,
            Ended = isComplete ? RunState.Succeeded : RunState.Stopped,
            Result = manifest is null ? null : new RunResult
            {
                Round = manifest.Round,
                ParametersSha256 = manifest.ParametersSha256,
                StateSha256 = manifest.StateSha256,
                Evaluation = evaluation,
            },
        };
        await reporter.Flush(report with { Ended = null, Result = null }, cancellationToken);
        return report;
    }

    private ServerReport Left(TrainerState state) => new()
    {
        Epoch = start.Epoch,
        Silo = silo,
        Rewind = $"the parameter server's silo stops; it handed over after round {state.Version}",
        Leaving = true,
    };
}
