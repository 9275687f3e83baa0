using System.Globalization;
using System.Runtime.ExceptionServices;
using Ebm.Contracts.Epochs;
using Ebm.Contracts.Runs;
using Ebm.Core;
using Ebm.Core.Evaluation;
using Ebm.Core.Learning;
using Ebm.Core.Likelihood;
using Ebm.Core.Plans;
using Ebm.Core.Rounds;
using Ebm.Core.Spec;
using Ebm.Grains.Epochs;
using Ebm.Grains.Runs;

namespace Ebm.Grains.Reporting;

/// <summary>
/// The evaluations that a run waits for: begins them beside training, one after the other, tells the protocol what they
/// came to, and lets the run's state remember what has acted.
/// </summary>
internal sealed class RunEvaluations(
    ServerStart start, RunContext run, CheckpointEvaluation evaluation, ServerProtocol protocol,
    NegativesCollector intake,
    RunArtefacts artefacts, RunReporter reporter)
{
    private readonly List<EvaluationOutcome> _outcomes = [];
    private readonly EvaluationSpec _spec = run.Spec.Evaluation;
    private Task _last = Task.CompletedTask;
    private long _said;

    /// <summary>Goes on from a state that was restored: evaluates again what it waits for.</summary>
    public void Resume(TrainerState state, CancellationToken cancellationToken)
    {
        _outcomes.AddRange(state.Outcomes);
        foreach (var pending in run.Plan.Outcomes.PendingAt(state.Version, protocol.State.AttemptBase))
        {
            _last = After(_last, state.Attempt, pending, cancellationToken);
        }
    }

    /// <summary>
    /// Lets a state that has just moved on remember the outcome that acted before it, where the run may end by
    /// outcomes.
    /// </summary>
    public void Pass(TrainerState state)
    {
        var acted = _outcomes.FindIndex(o => _spec.Stop is not null
            && o.Round + run.Plan.Outcomes.Delay == state.Version - 1);
        if (acted >= 0)
        {
            state.Remember(_outcomes[acted]);
        }
    }

    /// <summary>Evaluates a version, whose checkpoint was stored, where that is due.</summary>
    public async Task IfDue(TrainerState state, CancellationToken cancellationToken)
    {
        if (run.Plan.Outcomes.IsEvaluated(state.Version, protocol.State.AttemptBase))
        {
            _last = After(_last, state.Attempt, state.Version, cancellationToken);
        }
        else if (run.Plan.Outcomes == OutcomePlan.None && state.Version < run.Plan.Rounds
            && run.Plan.IsEvaluationRound((int)state.Version))
        {
            await Quick(state);
        }
    }

    /// <summary>Says so once where training waits for an evaluation.</summary>
    public async Task SayWaiting(CancellationToken cancellationToken)
    {
        if (protocol.AwaitedOutcome is { } awaited && _said != awaited)
        {
            _said = awaited;
            reporter.Event(RunEventKind.Notice, awaited, string.Create(
                CultureInfo.InvariantCulture,
                $"waits before round {protocol.State.Asked + 1} for the evaluation of round {awaited}"));
            await reporter.Flush(new ServerReport { Epoch = start.Epoch }, cancellationToken);
        }
    }

    /// <summary>The evaluation of where the run ends; null where it was interrupted.</summary>
    /// <param name="state">Its last version, whose checkpoint was stored.</param>
    /// <param name="interrupt">Ends the waiting for chains.</param>
    /// <param name="cancellationToken">Ends all.</param>
    public async Task<IReadOnlyDictionary<string, double>?> Last(
        TrainerState state, CancellationToken interrupt, CancellationToken cancellationToken)
    {
        if (_spec.Likelihood == LikelihoodMethod.Ais)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, interrupt);
            try
            {
                await _last.WaitAsync(either.Token);
                reporter.Event(RunEventKind.Notice, state.Version, "estimates log Z of the last checkpoint");
                await reporter.Flush(new ServerReport { Epoch = start.Epoch }, cancellationToken);
                return await evaluation.Of(state.Attempt, state.Version, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return null;
            }
            catch (EbmException e)
            {
                reporter.Event(RunEventKind.Notice, state.Version, $"log Z was not estimated: {e.Message}");
            }
        }

        return await Quick(state);
    }

    /// <summary>An evaluation without chains.</summary>
    public async Task<IReadOnlyDictionary<string, double>> Quick(TrainerState state)
    {
        var figures = await artefacts.Figures(state);
        await evaluation.Write(state.Version, figures);
        return figures;
    }

    private async Task After(Task before, int attempt, long round, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            var outcome = await Outcome(attempt, round, cancellationToken);
            var reason = _spec.Stop is { } rule ? EarlyStopping.Reason(rule, _outcomes, outcome) : null;
            _outcomes.Add(outcome);
            protocol.OnOutcome(round, reason is not null);
            if (reason is not null)
            {
                reporter.Event(RunEventKind.Notice, round, string.Create(
                    CultureInfo.InvariantCulture,
                    $"ends after round {Math.Min(round + run.Plan.Outcomes.Delay, run.Plan.Rounds)}: {reason}"));
            }

            intake.Signal();
        }
        catch (Exception e)
        {
            // Thrown again in the loop, which decides what it means.
            intake.Fail(ExceptionDispatchInfo.Capture(e));
        }
    }

    private async Task<EvaluationOutcome> Outcome(int attempt, long round, CancellationToken cancellationToken)
    {
        try
        {
            var figures = await evaluation.Of(attempt, round, cancellationToken);
            return new EvaluationOutcome(
                round, _spec.Stop is { } stop
                    ? LikelihoodMetrics.AtLeast(figures, stop.Part.ToString().ToLowerInvariant())
                    : double.NaN);
        }
        catch (EbmException e)
        {
            // A model that cannot be evaluated does not end the run.
            reporter.Event(RunEventKind.Notice, round, $"the evaluation of round {round} came to nothing: {e.Message}");
            return new EvaluationOutcome(round, double.NaN);
        }
    }
}
