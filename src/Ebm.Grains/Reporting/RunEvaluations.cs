using System.Runtime.ExceptionServices;
using Ebm.Core;
using Ebm.Core.Evaluation;
using Ebm.Core.Learning;
using Ebm.Core.Likelihood;
using Ebm.Core.Plans;
using Ebm.Core.Spec;
using Ebm.Grains.Epochs;
using Ebm.Grains.Runs;

namespace Ebm.Grains.Reporting;

/// <summary>
/// The evaluations of an epoch. Those that training waits for run beside it, one after the other; each posts its
/// outcome, and the trainer's state remembers the outcomes that have acted.
/// </summary>
internal sealed class RunEvaluations(
    RunContext run, long attemptBase, CheckpointEvaluation evaluation, EpochInbox inbox, RunArtefacts artefacts,
    RunReporter reporter)
{
    private readonly List<EvaluationOutcome> _outcomes = [];
    private readonly EvaluationSpec _spec = run.Spec.Evaluation;
    private Task _last = Task.CompletedTask;
    private long _notified;

    /// <summary>Continues from a restored state: starts the evaluations again whose outcomes it lacks.</summary>
    public void Resume(TrainerState state, CancellationToken cancellationToken)
    {
        _outcomes.AddRange(state.Outcomes);
        foreach (var pending in run.Plan.Outcomes.PendingAt(state.Version, attemptBase))
        {
            _last = EvaluateAfter(_last, state.Attempt, pending, cancellationToken);
        }
    }

    /// <summary>
    /// Adds the outcome that acted before the latest version to its state, where outcomes may end the run.
    /// </summary>
    public void RecordApplied(TrainerState state)
    {
        var acted = _outcomes.FindIndex(
            o => _spec.Stop is not null && o.Round + run.Plan.Outcomes.Delay == state.Version - 1);
        if (acted >= 0)
        {
            state.Remember(_outcomes[acted]);
        }
    }

    /// <summary>Evaluates a version, whose checkpoint is stored, where the spec asks for it.</summary>
    public async Task EvaluateIfDue(TrainerState state, CancellationToken cancellationToken)
    {
        var (plan, version) = (run.Plan, state.Version);
        if (plan.Outcomes.IsEvaluated(version, attemptBase))
        {
            _last = EvaluateAfter(_last, state.Attempt, version, cancellationToken);
        }
        else if (plan.Outcomes == OutcomePlan.None && version < plan.Rounds && plan.IsEvaluationRound((int)version))
        {
            await EvaluateWithoutChains(state);
        }
    }

    /// <summary>Reports, once, that a round waits for an evaluation.</summary>
    /// <param name="awaited">The evaluated round.</param>
    /// <param name="round">The round that waits.</param>
    /// <param name="cancellationToken">Ends the epoch.</param>
    public async Task NotifyWaiting(long awaited, long round, CancellationToken cancellationToken)
    {
        if (_notified != awaited)
        {
            _notified = awaited;
            reporter.RecordNotice(awaited, $"round {round} waits for the evaluation of round {awaited}");
            await reporter.Flush(cancellationToken);
        }
    }

    /// <summary>Evaluates the last version of a run; null where that was interrupted.</summary>
    /// <param name="state">The last version, whose checkpoint is stored.</param>
    /// <param name="interrupt">Ends the annealing of chains.</param>
    /// <param name="cancellationToken">Ends the epoch.</param>
    public async Task<IReadOnlyDictionary<string, double>?> EvaluateFinal(
        TrainerState state, CancellationToken interrupt, CancellationToken cancellationToken)
    {
        if (_spec.Likelihood == LikelihoodMethod.Ais)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupt);
            try
            {
                await _last.WaitAsync(either.Token);
                reporter.RecordNotice(state.Version, "estimates log Z of the last checkpoint");
                await reporter.Flush(cancellationToken);
                return await evaluation.Evaluate(state.Attempt, state.Version, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
            catch (EbmException e)
            {
                reporter.RecordNotice(state.Version, $"log Z was not estimated: {e.Message}");
            }
        }

        return await EvaluateWithoutChains(state);
    }

    /// <summary>Evaluates a version by the metrics that need no chains.</summary>
    public async Task<IReadOnlyDictionary<string, double>> EvaluateWithoutChains(TrainerState state)
    {
        var metrics = await artefacts.MeasureModel(state);
        await evaluation.Write(state.Version, metrics);
        return metrics;
    }

    private async Task EvaluateAfter(Task before, int attempt, long round, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            var outcome = await FindOutcome(attempt, round, cancellationToken);
            var reason = _spec.Stop is { } rule ? EarlyStopping.Reason(rule, _outcomes, outcome) : null;
            _outcomes.Add(outcome);
            inbox.Post(new EpochMessage.OutcomeKnown(round, EndsRun: reason is not null));
            if (reason is not null)
            {
                var last = Math.Min(round + run.Plan.Outcomes.Delay, run.Plan.Rounds);
                reporter.RecordNotice(round, $"ends after round {last}: {reason}");
            }
        }
        catch (Exception e)
        {
            // Nothing awaits this task until the run's end.
            inbox.Post(new EpochMessage.WorkFailed(ExceptionDispatchInfo.Capture(e)));
        }
    }

    private async Task<EvaluationOutcome> FindOutcome(int attempt, long round, CancellationToken cancellationToken)
    {
        try
        {
            var metrics = await evaluation.Evaluate(attempt, round, cancellationToken);
            var likelihood = _spec.Stop is { } stop
                ? LikelihoodMetrics.AtLeast(metrics, stop.Part.ToString().ToLowerInvariant())
                : double.NaN;
            return new EvaluationOutcome(round, likelihood);
        }
        catch (EbmException e)
        {
            // A model without an evaluation does not end the run.
            reporter.RecordNotice(round, $"the evaluation of round {round} failed: {e.Message}");
            return new EvaluationOutcome(round, double.NaN);
        }
    }
}
