using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>What an attempt does differently: a function of the spec and of the rollbacks before it.</summary>
public static class RecoveryPolicy
{
    /// <summary>Share of the scheduled learning rate.</summary>
    public static double RateShare(RecoverySpec spec, IReadOnlyList<RollbackRecord> rollbacks)
    {
        // One spike is taken for a bad batch, which does not come back under other keys.
        var share = 1.0;
        for (var i = Count(rollbacks, r => r.Rate)
            + Math.Max(0, rollbacks.Count(r => r.Breach.Kind == ViolationKind.Spike) - 1); i > 0; i--)
        {
            share *= spec.RateFactor;
        }

        return share;
    }

    /// <summary>Changes of the sampler.</summary>
    public static SamplerChange Sampler(IReadOnlyList<RollbackRecord> rollbacks) => new(
        rollbacks.Sum(r => Remedies(r.Breach.Kind).Steps), Count(rollbacks, r => r.StepSize));

    /// <summary>
    /// The energy penalty. Energies that outgrow their history, or their sampler, are penalised at least so much from
    /// then on; not those of a machine that Gibbs sampling draws from, which lie far from 0 by nature.
    /// </summary>
    public static double EnergyL2(RunSpec spec, IReadOnlyList<RollbackRecord> rollbacks) =>
        Count(rollbacks, r => r.Penalty) > 0 && !spec.Energy.HasBlockGibbs()
            ? Math.Max(spec.Learning.EnergyL2, spec.Recovery.EnergyL2)
            : spec.Learning.EnergyL2;

    /// <summary>
    /// What helps against what. A model that moves faster than its chains has to slow down. Chains that lag behind a
    /// model that is not too fast need more steps: four times as many take a diffusing chain twice as far. Where the
    /// step size is cut, more of them make up for a part of it.
    /// </summary>
    private static Remedy Remedies(ViolationKind kind) => kind switch
    {
        ViolationKind.NonFinite => new(Rate: true, Penalty: true),
        ViolationKind.NonFiniteChains => new(Rate: true, Steps: 1, StepSize: true),
        ViolationKind.Spike => new(),
        ViolationKind.Lead => new(Rate: true),
        ViolationKind.Gap => new(Steps: 2),
        ViolationKind.Growth => new(Rate: true),
        ViolationKind.EnergyGrowth => new(Rate: true, Penalty: true),
        ViolationKind.Drift => new(Steps: 1, StepSize: true, Penalty: true),
        ViolationKind.Acceptance => new(Steps: 1, StepSize: true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No remedy is known."),
    };

    private static int Count(IReadOnlyList<RollbackRecord> rollbacks, Func<Remedy, bool> of) =>
        rollbacks.Count(r => of(Remedies(r.Breach.Kind)));

    /// <param name="Rate">Lower the learning rate.</param>
    /// <param name="Steps">How often to multiply the sampler's steps.</param>
    /// <param name="StepSize">Cut its step size.</param>
    /// <param name="Penalty">Penalise the energies.</param>
    private readonly record struct Remedy(
        bool Rate = false, int Steps = 0, bool StepSize = false, bool Penalty = false);
}
