using Ebm.Contracts.Models;
using Ebm.Core.Evaluation;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Grains.Models.Likelihood;

/// <summary>What an evaluation says of an estimate that could be made of the same model.</summary>
internal static class LikelihoodSuggestions
{
    /// <summary>With the spec's settings, and a seed if one is given.</summary>
    public static LikelihoodSuggestion Of(CheckpointModel model, ulong? seed)
    {
        var (run, checkpoint) = (model.Run, model.Checkpoint);
        var call = LikelihoodEstimate.CallOf(
            run.Spec.Evaluation.Ais, seed ?? run.Spec.Seed, checkpoint.Attempt, checkpoint.Round);
        var obstacle = run.Energy.Classes > 0 ? "an energy with classes has a Z for each of them"
            : run.Spec.Sampler is JitterSpec ? "the run's sampler, jitter, draws nothing from the model"
            : null;
        var isUsual = obstacle is null && run.Energy.Space.Units != UnitKind.Real
            && !ExactLikelihood.IsPossible(run.Energy);
        return new LikelihoodSuggestion(call, isUsual, obstacle);
    }
}
