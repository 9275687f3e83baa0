using Ebm.Core.Spec;
using Ebm.Core.States;

namespace Ebm.Configuration.Rules;

/// <summary>Compatibility of samplers with energies: one table for the rules and their messages.</summary>
internal static class SamplerFit
{
    private static readonly Dictionary<Type, Func<EnergySpec, bool>> Rules = new()
    {
        [typeof(GibbsSpec)] = energy => energy.HasBlockGibbs(),
        [typeof(LangevinSpec)] = energy => energy.StateUnits() == UnitKind.Real,
        [typeof(MalaSpec)] = energy => energy.StateUnits() == UnitKind.Real,
        [typeof(HmcSpec)] = energy => energy.StateUnits() == UnitKind.Real,
        [typeof(GwgSpec)] = energy => energy.StateUnits() != UnitKind.Real,
        [typeof(DmalaSpec)] = energy => energy.StateUnits() != UnitKind.Real,
        [typeof(DulaSpec)] = energy => energy.StateUnits() != UnitKind.Real,
        [typeof(TemperingSpec)] = _ => true,
        [typeof(JitterSpec)] = energy => energy.StateUnits() == UnitKind.Real,
    };

    /// <summary>Whether the sampler can draw from the energy.</summary>
    public static bool Fits(SamplerSpec sampler, EnergySpec energy) => sampler is TemperingSpec tempering
        ? Fits(tempering.Inner, energy)
        : Rules[sampler.GetType()](energy);

    /// <summary>The kinds of sampler that can draw from the energy, in declaration order.</summary>
    public static IReadOnlyList<string> KindsFor(EnergySpec energy) =>
        [.. SpecShape.Kinds(typeof(SamplerSpec)).Where(k => Rules[k.Record](energy)).Select(k => k.Kind)];
}
