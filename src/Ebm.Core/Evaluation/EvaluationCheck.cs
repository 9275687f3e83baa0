using Ebm.Core.Datasets;
using Ebm.Core.Energies;
using Ebm.Core.Spec;

namespace Ebm.Core.Evaluation;

/// <summary>What a spec's evaluation needs of its model and data.</summary>
internal static class EvaluationCheck
{
    /// <exception cref="InputException">The model is too large to enumerate, or there are no rows to stop
    /// by.</exception>
    public static void Check(RunSpec spec, IEnergy energy, Dataset data)
    {
        var (evaluation, isPossible) = (spec.Evaluation, ExactLikelihood.IsPossible(energy));
        if (evaluation.Likelihood == LikelihoodMethod.Exact && !isPossible)
        {
            throw new InputException(
                "evaluation.likelihood is exact, which needs an RBM with a side of at most "
                    + $"{ExactLikelihood.MostUnits} units, or another "
                + $"model of at most 2^{ExactLikelihood.MostUnits} states; set it to ais, auto or none.");
        }

        if (evaluation.Stop is not { } stop)
        {
            return;
        }

        if (evaluation.Likelihood == LikelihoodMethod.Auto && !isPossible)
        {
            throw new InputException(
                "evaluation.stop ends the run by its log-likelihood, and this model is too large for the exact "
                    + "one that likelihood: auto would take; set likelihood to ais.");
        }

        if (data[stop.Part].Count == 0)
        {
            throw new InputException(
                $"evaluation.stop.part is {stop.Part.ToString().ToLowerInvariant()}, and the data has no such rows; "
                    + "set data.validation, or name another part.");
        }
    }
}
