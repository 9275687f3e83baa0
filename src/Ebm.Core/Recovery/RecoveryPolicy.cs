using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>Changes of an attempt's hyperparameters: a function of the spec and of the rollbacks before it.</summary>
internal static class RecoveryPolicy
{
    /// <summary>Factor of the scheduled learning rate.</summary>
    public static double RateShare(RecoverySpec spec, IReadOnlyList<RollbackRecord> rollbacks)
    {
        // A first spike is attributed to a bad batch, which does not recur under other keys: it changes no rate.
        var share = 1.0;
        var spikes = rollbacks.Count(r => r.Violation.Kind == ViolationKind.Spike);
        for (var i = Count(rollbacks, r => r.Rate) + Math.Max(0, spikes - 1); i > 0; i--)
        {
            share *= spec.RateFactor;
        }

        return share;
    }

    /// <summary>Changes of the sampler's steps and step size.</summary>
    public static SamplerChange Sampler(IReadOnlyList<RollbackRecord> rollbacks) => new(
        rollbacks.Sum(r => Remedies(r.Violation.Kind).Steps), Count(rollbacks, r => r.StepSize));

    /// <summary>
    /// The energy penalty. After growing energies, or a drift above its limit, it is at least the spec's
    /// <c>recovery.energyL2</c>. Energies with block Gibbs sampling are exempt: their energies lie far from 0 by
    /// construction.
    /// </summary>
    public static double EnergyL2(RunSpec spec, IReadOnlyList<RollbackRecord> rollbacks) =>
        Count(rollbacks, r => r.Penalty) > 0 && !spec.Energy.HasBlockGibbs()
            ? Math.Max(spec.Learning.EnergyL2, spec.Recovery.EnergyL2)
            : spec.Learning.EnergyL2;

    /// <summary>
    /// Remedies for each kind of violation. A model that changes faster than its chains needs a lower rate. Chains that
    /// lag behind a model of adequate rate need more steps: a diffusing chain moves twice as far in four times as many.
    /// A smaller step size is partly compensated by more steps.
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
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "A kind of violation without remedies."),
    };

    private static int Count(IReadOnlyList<RollbackRecord> rollbacks, Func<Remedy, bool> has) =>
        rollbacks.Count(r => has(Remedies(r.Violation.Kind)));

    /// <param name="Rate">Whether to lower the learning rate.</param>
    /// <param name="Steps">Number of times that the sampler's steps are multiplied.</param>
    /// <param name="StepSize">Whether to reduce its step size.</param>
    /// <param name="Penalty">Whether to penalise the energies.</param>
    private readonly record struct Remedy(
        bool Rate = false, int Steps = 0, bool StepSize = false, bool Penalty = false);
}
