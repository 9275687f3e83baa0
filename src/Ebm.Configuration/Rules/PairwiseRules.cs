using Ebm.Configuration.Reading;
using Ebm.Core;
using Ebm.Core.Spec;

namespace Ebm.Configuration.Rules;

/// <summary>What must hold of Ising and Potts models, and of data drawn from them.</summary>
internal static class PairwiseRules
{
    /// <summary>All rules that the spec breaks.</summary>
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
            yield return new($"{at}.coupling", "excludes couplings; leave one of them out", $"{at}.couplings");
        }

        if (pairs.Couplings is not null && pairs.Lattice is not null)
        {
            yield return new(
                $"{at}.lattice", "a file of couplings is of a model that couples every pair; leave one of them out",
                $"{at}.couplings");
        }

        if (pairs is { Boundary: Boundary.Torus, Lattice: [var height, var width] } && Math.Min(height, width) < 3)
        {
            yield return new(
                $"{at}.lattice",
                $"a torus has sides of at least 3 (shorter ones couple a pair twice), found [{height}, {width}]; "
                + "write boundary: free", $"{at}.boundary");
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
            yield return new("learning.weightDecay", $"would move what {kind} is told; leave it out", "energy.kind");
        }

        if (!pairs.LearnsCouplings() && spec.Learning.L1 > 0)
        {
            yield return new("learning.l1", $"would move what {kind} is told; leave it out", "energy.kind");
        }

        if (!pairs.LearnsCouplings() && spec.Learning.Prune is not null)
        {
            yield return new("learning.prune", $"would move what {kind} is told; leave it out", "energy.kind");
        }
    }

    private static IEnumerable<SpecIssue> Data(ModelDataSpec model)
    {
        if (model.Energy is not PairwiseSpec known || known.LearnsCouplings() || known.LearnField)
        {
            yield return new(
                "data.energy",
                "rows are drawn from a model that is known: write ising or potts with coupling or couplings, "
                + "and without learnField");
            yield break;
        }

        foreach (var issue in Form("data.energy", known))
        {
            yield return issue;
        }

        if (known is { Lattice: null, Couplings: null })
        {
            yield return new("data.energy.coupling",
                "one coupling of every pair leaves open how many units there are; "
                    + "write lattice, or a file of couplings");
        }

        if (!SamplerFit.Fits(model.Sampler, known))
        {
            yield return new("data.sampler.kind", $"{SpecShape.KindOf(model.Sampler.GetType())} does not fit energy "
                + $"{SpecShape.KindOf(known.GetType())}; write {Quote.OneOf(SamplerFit.KindsFor(known))}");
        }
    }
}
