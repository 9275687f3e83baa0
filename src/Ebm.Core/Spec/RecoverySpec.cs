using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>The metrics that a run monitors, and its reaction to divergence.</summary>
public sealed record RecoverySpec
{
    /// <summary>What happens on a breach of a limit.</summary>
    [Description("What a run does that diverges: go back to a checkpoint and go on differently, "
        + "stop there, or ignore it.")]
    public OnDivergence OnDivergence { get; init; } = OnDivergence.Rollback;

    /// <summary>Rollbacks of a run; the next divergence fails it.</summary>
    [Description("Rollbacks before a divergence fails the run.")]
    [Bounds(1, 100)]
    public int MaxRollbacks { get; init; } = 5;

    /// <summary>Factor of the learning rate, each time that it is lowered.</summary>
    [Description("Factor of the learning rate, each time that it is lowered.")]
    [Bounds(0, 1, Above = true)]
    public double RateFactor { get; init; } = 0.5;

    /// <summary>Factor of the sampler's steps, each time that they are raised.</summary>
    [Description("Factor of the sampler's steps, each time that they are raised.")]
    [Bounds(1, 1000)]
    public int StepsFactor { get; init; } = 2;

    /// <summary>Factor of the sampler's step size, each time that it is lowered.</summary>
    [Description("Factor of the sampler's step size, each time that it is lowered. "
        + "Its noise follows, by the square root.")]
    [Bounds(0, 1, Above = true)]
    public double StepSizeFactor { get; init; } = 0.25;

    /// <summary>
    /// Energy penalty from when energies have outgrown on, where <see cref="LearningSpec.EnergyL2"/> is smaller.
    /// </summary>
    [Description("Least penalty on squared energies after energies have outgrown their history or their sampler; "
        + "0 never adds one.")]
    [Bounds(0, 1e6)]
    public double EnergyL2 { get; init; } = 0.03;

    /// <summary>Rounds whose median is judged.</summary>
    [Description("Rounds whose median is judged; 20 such stretches are the history that it is compared with.")]
    [Bounds(5, 10000)]
    public int Window { get; init; } = 20;

    /// <summary>What counts as diverged.</summary>
    [Description("Limits beyond which a run counts as diverged.")]
    public RecoveryLimitsSpec Limits { get; init; } = new();
}

/// <summary>What a run does that diverges.</summary>
public enum OnDivergence
{
    /// <summary>Rolls back to a checkpoint and continues with other settings.</summary>
    Rollback,

    /// <summary>Fails, and says why.</summary>
    Stop,

    /// <summary>Continues; only values that are not finite fail the run.</summary>
    Ignore,
}

/// <summary>
/// Limits of the figures that are watched; each has no unit. docs/recovery.md says how they were chosen.
/// </summary>
public sealed record RecoveryLimitsSpec
{
    /// <summary>Of E+ - E-, in medians, over the spread of the energies.</summary>
    [Description("Largest gap upwards: how far the data's energies may lie above the negatives', "
        + "in standard deviations.")]
    [Bounds(0, 1e12, Above = true)]
    public double Lead { get; init; } = 1;

    /// <summary>Of |E+ - E-|, in medians, over the root of the number of features.</summary>
    [Description("Largest gap either way, in nats over the root of the number of features.")]
    [Bounds(0, 1e12, Above = true)]
    public double Gap { get; init; } = 6;

    /// <summary>Of a figure's median over its own history's.</summary>
    [Description("Largest growth of the gradient's norms, the parameters' norm and the energies' spread "
        + "over the run's own history.")]
    [Bounds(1, 1e12, Above = true)]
    public double Growth { get; init; } = 6;

    /// <summary>Of one round's gradient norm over the median of those before it.</summary>
    [Description("Largest jump of the gradient's norm in a single round over the rounds before it.")]
    [Bounds(1, 1e12, Above = true)]
    public double Spike { get; init; } = 15;

    /// <summary>Of a Langevin step's drift over its noise, where the chains sample at temperature 1.</summary>
    [Description("Largest drift of a Langevin step in units of its noise, where noise is about sqrt(2 step size).")]
    [Bounds(0, 1e12, Above = true)]
    public double Drift { get; init; } = 0.6;

    /// <summary>Of the share of accepted proposals.</summary>
    [Description("Smallest share of accepted proposals.")]
    [Bounds(0, 1)]
    public double Acceptance { get; init; } = 0.05;
}
