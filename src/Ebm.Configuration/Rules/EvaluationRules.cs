using Ebm.Configuration.Reading;
using Ebm.Core.Evaluation;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>What must hold of evaluations: how a likelihood can be found, and when its outcome may act.</summary>
internal static class EvaluationRules
{
    /// <summary>All rules that the spec breaks.</summary>
    public static IEnumerable<SpecIssue> Check(RunSpec spec)
    {
        var evaluation = spec.Evaluation;
        var kind = SpecShape.KindOf(spec.Energy.GetType());
        switch (evaluation.Likelihood)
        {
            case LikelihoodMethod.Exact when spec.Energy.StateUnits() == UnitKind.Real:
                yield return new("evaluation.likelihood",
                    $"exact enumerates the states of a model, and the units of {kind} are real; "
                        + "write auto, ais or none", "energy.kind");
                break;
            case LikelihoodMethod.Exact when spec is { Data: ToyDataSpec toy, Energy: RbmSpec rbm }
                && Math.Min(rbm.Hidden, toy.Features) > ExactLikelihood.MostUnits:
                yield return new(
                    "evaluation.likelihood",
                    $"exact needs at most {ExactLikelihood.MostUnits} hidden or visible units, found "
                    + $"{rbm.Hidden} and {toy.Features}; write auto, ais or none", "energy.kind", "data.kind");
                break;
            case LikelihoodMethod.Ais when spec.Energy.ClassCount() > 0:
                yield return new(
                    "evaluation.likelihood",
                    "ais estimates one Z, and an energy with classes has one for each; write auto or none",
                    "energy.classes");
                break;
            case LikelihoodMethod.Ais when spec.Sampler is JitterSpec:
                yield return new(
                    "evaluation.likelihood",
                    "ais needs a sampler that draws from the model, and jitter draws none; write none",
                    "sampler.kind");
                break;
        }

        var ais = evaluation.Ais;
        if (ais.Chains % ais.Copies != 0 || ais.Chains < 2 * ais.Copies)
        {
            yield return new(
                "evaluation.ais.chains",
                $"expected two or more groups of copies ({ais.Copies}) chains, found {ais.Chains}",
                "evaluation.ais.copies");
        }

        if (evaluation.Delay > evaluation.Every)
        {
            yield return new(
                "evaluation.delay",
                $"expected at most every ({evaluation.Every}), so that one round is evaluated at a time, "
                + $"found {evaluation.Delay}", "evaluation.every");
        }

        if (evaluation.Likelihood == LikelihoodMethod.Ais || evaluation.Stop is not null)
        {
            foreach (var issue in Outcomes(spec))
            {
                yield return issue;
            }
        }
    }

    // Evaluations whose outcome comes later, or that decide something, are of checkpoints.
    private static IEnumerable<SpecIssue> Outcomes(RunSpec spec)
    {
        var (evaluation, every) = (spec.Evaluation, spec.Output.CheckpointEvery);
        if (evaluation.Every > 0 && (every == 0 || evaluation.Every % every != 0))
        {
            yield return new(
                "evaluation.every", $"with ais or stop, what is evaluated is a checkpoint: expected a multiple of "
                + $"output.checkpointEvery ({every}), found {evaluation.Every}", "output.checkpointEvery");
        }

        if (evaluation.Stop is not { } stop)
        {
            yield break;
        }

        if (evaluation.Every == 0)
        {
            yield return new(
                "evaluation.stop", "ends a run by its evaluations; write evaluation.every", "evaluation.every");
        }

        if (evaluation.Likelihood == LikelihoodMethod.None)
        {
            yield return new(
                "evaluation.stop", "ends a run by its log-likelihood, and likelihood is none; write ais, exact or auto",
                "evaluation.likelihood");
        }

        if (stop is { Target: null, Patience: null })
        {
            yield return new("evaluation.stop", "expected target, patience or both, found neither");
        }
    }
}
