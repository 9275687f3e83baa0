using Ebm.Configuration.Reading;
using Ebm.Core.Evaluation;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>Rules of evaluations: which likelihood method is possible, and when an outcome may act.</summary>
internal static class EvaluationRules
{
    /// <summary>All violations.</summary>
    public static IEnumerable<SpecIssue> Check(RunSpec spec)
    {
        var evaluation = spec.Evaluation;
        var kind = SpecShape.KindOf(spec.Energy.GetType());
        switch (evaluation.Likelihood)
        {
            case LikelihoodMethod.Exact when spec.Energy.StateUnits() == UnitKind.Real:
                yield return new("evaluation.likelihood",
                    $"exact enumerates discrete states; the units of {kind} are real. Use auto, ais or none",
                        "energy.kind");
                break;
            case LikelihoodMethod.Exact when spec is { Data: ToyDataSpec toy, Energy: RbmSpec rbm }
                && Math.Min(rbm.Hidden, toy.Features) > ExactLikelihood.MostUnits:
                yield return new("evaluation.likelihood",
                    $"exact needs at most {ExactLikelihood.MostUnits} hidden or visible units, found "
                    + $"{rbm.Hidden} and {toy.Features}. Use auto, ais or none", "energy.kind", "data.kind");
                break;
            case LikelihoodMethod.Ais when spec.Energy.ClassCount() > 0:
                yield return new("evaluation.likelihood",
                    "ais estimates one Z; an energy with classes has one per class. Use auto or none",
                    "energy.classes");
                break;
            case LikelihoodMethod.Ais when spec.Sampler is JitterSpec:
                yield return new("evaluation.likelihood",
                    "ais needs a sampler of the model; jitter only adds noise to data. Use none",
                    "sampler.kind");
                break;
        }

        var ais = evaluation.Ais;
        if (ais.Chains % ais.Copies != 0 || ais.Chains < 2 * ais.Copies)
        {
            yield return new("evaluation.ais.chains",
                $"expected a multiple of copies ({ais.Copies}), at least {2L * ais.Copies}; found {ais.Chains}",
                "evaluation.ais.copies");
        }

        if (evaluation.Delay > evaluation.Every)
        {
            yield return new("evaluation.delay",
                $"expected at most every ({evaluation.Every}), found {evaluation.Delay}; "
                + "only one round is evaluated at a time", "evaluation.every");
        }

        if (evaluation.Likelihood == LikelihoodMethod.Ais || evaluation.Stop is not null)
        {
            foreach (var issue in Outcomes(spec))
            {
                yield return issue;
            }
        }
    }

    // Evaluations that finish in a later round, or that end a run, use a checkpoint.
    private static IEnumerable<SpecIssue> Outcomes(RunSpec spec)
    {
        var (evaluation, every) = (spec.Evaluation, spec.Output.CheckpointEvery);
        if (evaluation.Every > 0 && (every == 0 || evaluation.Every % every != 0))
        {
            yield return new("evaluation.every",
                $"expected a multiple of output.checkpointEvery ({every}), found {evaluation.Every}; "
                + "ais and stop evaluate checkpoints", "output.checkpointEvery");
        }

        if (evaluation.Stop is not { } stop)
        {
            yield break;
        }

        if (evaluation.Every == 0)
        {
            yield return new("evaluation.stop", "stop needs evaluations; set evaluation.every", "evaluation.every");
        }

        if (evaluation.Likelihood == LikelihoodMethod.None)
        {
            yield return new("evaluation.stop",
                "stop needs the log-likelihood; likelihood is none. Use ais, exact or auto",
                "evaluation.likelihood");
        }

        if (stop is { Target: null, Patience: null })
        {
            yield return new("evaluation.stop", "expected target, patience or both; found neither");
        }
    }
}
