using Ebm.Configuration.Reading;
using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>Rules of energies from assemblies.</summary>
internal static class AssemblyRules
{
    /// <summary>All violations.</summary>
    public static IEnumerable<SpecIssue> Check(RunSpec spec)
    {
        if (spec.Energy is not AssemblyEnergySpec energy)
        {
            yield break;
        }

        if (string.IsNullOrWhiteSpace(energy.Type))
        {
            yield return new("energy.type", "expected the full name of a class, such as My.Models.Ring");
        }

        if (energy.Units != UnitKind.Categorical)
        {
            if (energy.Categories is not null)
            {
                yield return new("energy.categories",
                    $"{SpecShape.NameOf(energy.Units)} units have no categories; remove it", "energy.units");
            }
        }
        else if (spec.Data is TextDataSpec && energy.Categories is not null)
        {
            yield return new("energy.categories",
                "the characters of the text are the categories; remove it", "data.kind");
        }
        else if (spec.Data is not TextDataSpec && energy.Categories is null)
        {
            yield return new("energy.categories", "missing; categorical units need their number of categories",
                "energy.units");
        }
    }
}
