using Ebm.Core.Spec;

namespace Ebm.Core.Recovery;

/// <summary>What an attempt does differently: a function of the spec and of the rollbacks before it.</summary>
public static class RecoveryPolicy
{
    /// <summary>Share of the scheduled learning rate.</summary>
    public static double RateShare(RecoverySpec spec, IReadOnlyList<Rollback> rollbacks)
    {
        var share = 1.0;
        for (var i = rollbacks.Count(r => Remedies(r.Breach.Kind).Rate); i > 0; i--)
        {
            share *= spec.RateFactor;
        }

        return share;
    }

    /// <summary>Changes of the sampler.</summary>
    public static SamplerChange Sampler(IReadOnlyList<Rollback> rollbacks) => new(
        rollbacks.Count(r => Remedies(r.Breach.Kind).Steps), rollbacks.Count(r => Remedies(r.Breach.Kind).StepSize));

    /// <summary>
    /// What helps against what. A model that moves faster than its chains has to slow down; chains that lag behind a model
    /// that is not too fast need more steps, and so do those whose step size is cut, to get as far as before.
    /// </summary>
    private static (bool Rate, bool Steps, bool StepSize) Remedies(BreachKind kind) => kind switch
    {
        BreachKind.NonFinite or BreachKind.Spike or BreachKind.Lead or BreachKind.Growth => (true, false, false),
        BreachKind.NonFiniteChains => (true, true, true),
        BreachKind.Gap => (false, true, false),
        BreachKind.Drift or BreachKind.Acceptance => (false, true, true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No remedy is known."),
    };
}
