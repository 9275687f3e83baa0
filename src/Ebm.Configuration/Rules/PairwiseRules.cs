using Ebm.Configuration.Reading;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Rules;

/// <summary>Rules of Ising and Potts models, and of data drawn from them.</summary>
internal static class PairwiseRules
{
    /// <summary>All violations.</summary>
    public static IEnumerable<SpecIssue> Check(RunSpec spec) =>
        [.. Form("energy", spec.Energy), .. Known(spec), .. spec.Data is ModelDataSpec model ? Data(model) : []];

    private static IEnumerable<SpecIssue> Form(string at, EnergySpec energy)
    {
        if (energy is not PairwiseSpec pairs)
        {
            yield break;
        }

        if (pairs.Couplings is not null && pairs.Coupling is not null)
        {
            yield return new($"{at}.coupling", "coupling and couplings exclude each other; remove one of them",
                $"{at}.couplings");
        }

        if (pairs.Couplings is not null && pairs.Lattice is not null)
        {
            yield return new($"{at}.lattice",
                "lattice and couplings exclude each other; a file of couplings couples every pair. Remove one of them",
                $"{at}.couplings");
        }

        if (pairs is { Boundary: Boundary.Torus, Lattice: [var height, var width] } && Math.Min(height, width) < 3)
        {
            yield return new($"{at}.lattice",
                $"expected sides of at least 3 for a torus, found [{height}, {width}]; "
                + "shorter sides couple a pair twice. "
                + "Use boundary: free", $"{at}.boundary");
        }
    }

    private static IEnumerable<SpecIssue> Known(RunSpec spec)
    {
        if (spec.Energy is not PairwiseSpec pairs)
        {
            yield break;
        }

        var kind = SpecShape.KindOf(pairs.GetType());
        if (spec.Learning.WeightDecay > 0 && (!pairs.LearnsCouplings() || (!pairs.LearnField && pairs.Field != 0)))
        {
            yield return new("learning.weightDecay", $"weightDecay would change fixed parameters of {kind}; remove it",
                "energy.kind");
        }

        if (!pairs.LearnsCouplings() && spec.Learning.L1 > 0)
        {
            yield return new("learning.l1", $"l1 would change fixed parameters of {kind}; remove it", "energy.kind");
        }

        if (!pairs.LearnsCouplings() && spec.Learning.Prune is not null)
        {
            yield return new("learning.prune", $"prune would change fixed parameters of {kind}; remove it",
                "energy.kind");
        }
    }

    private static IEnumerable<SpecIssue> Data(ModelDataSpec model)
    {
        if (model.Energy is not PairwiseSpec known || known.LearnsCouplings() || known.LearnField)
        {
            yield return new("data.energy", "expected a model with fixed parameters; "
                + "use ising or potts with coupling or couplings, and without learnField");
            yield break;
        }

        foreach (var issue in Form("data.energy", known))
        {
            yield return issue;
        }

        if (known is { Lattice: null, Couplings: null })
        {
            yield return new("data.energy.coupling",
                "one coupling for every pair does not give the number of units; "
                    + "set lattice, or use a file of couplings");
        }

        if (!SamplerFit.Fits(model.Sampler, known))
        {
            yield return new("data.sampler.kind", $"{SpecShape.KindOf(model.Sampler.GetType())} does not fit energy "
                + $"{SpecShape.KindOf(known.GetType())}; use {Quote.OneOf(SamplerFit.KindsFor(known))}");
        }
    }
}
