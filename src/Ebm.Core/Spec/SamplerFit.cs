using Ebm.Core.States;

namespace Ebm.Core.Spec;

/// <summary>Compatibility of samplers with energies: one table for specs, code and their messages.</summary>
internal static class SamplerFit
{
    private static readonly Dictionary<Type, Func<UnitKind, bool, bool>> Rules = new()
    {
        [typeof(GibbsSpec)] = (_, hasBlockGibbs) => hasBlockGibbs,
        [typeof(LangevinSpec)] = (units, _) => units == UnitKind.Real,
        [typeof(MalaSpec)] = (units, _) => units == UnitKind.Real,
        [typeof(HmcSpec)] = (units, _) => units == UnitKind.Real,
        [typeof(GwgSpec)] = (units, _) => units != UnitKind.Real,
        [typeof(DmalaSpec)] = (units, _) => units != UnitKind.Real,
        [typeof(DulaSpec)] = (units, _) => units != UnitKind.Real,
        [typeof(TemperingSpec)] = (_, _) => true,
        [typeof(JitterSpec)] = (units, _) => units == UnitKind.Real,
    };

    /// <summary>Whether the sampler can draw from the energy of a spec.</summary>
    public static bool Fits(SamplerSpec sampler, EnergySpec energy) =>
        Fits(sampler, energy.StateUnits(), energy.HasBlockGibbs());

    /// <summary>The kinds of sampler that can draw from the energy of a spec, in declaration order.</summary>
    public static IReadOnlyList<string> KindsFor(EnergySpec energy) =>
        KindsFor(energy.StateUnits(), energy.HasBlockGibbs());

    /// <summary>Whether the sampler can draw from energies of these units.</summary>
    public static bool Fits(SamplerSpec sampler, UnitKind units, bool hasBlockGibbs) =>
        sampler is TemperingSpec tempering
            ? Fits(tempering.Inner, units, hasBlockGibbs)
            : Rules[sampler.GetType()](units, hasBlockGibbs);

    /// <summary>The kinds of sampler that can draw from such energies, in declaration order.</summary>
    public static IReadOnlyList<string> KindsFor(UnitKind units, bool hasBlockGibbs) =>
    [
        .. SpecShape.Kinds(typeof(SamplerSpec))
            .Where(k => Rules[k.Record](units, hasBlockGibbs)).Select(k => k.Kind),
    ];
}
