using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>What the kernels on discrete states have in common whose proposals the energy's gradient informs.</summary>
public abstract record InformedSpec : SamplerSpec
{
    /// <inheritdoc/>
    public override int Transitions() => Steps;

    /// <inheritdoc/>
    public override SamplerSpec WithTransitions(int steps) => this with { Steps = steps };

    /// <summary>Proposals a round.</summary>
    [Description("Proposals a round.")]
    [Bounds(1, 1e6)]
    public int Steps { get; init; } = 10;

    /// <summary>Exponent of the estimated ratio p(x')/p(x) in a change's weight.</summary>
    [Description("A change's weight is its estimated p(x')/p(x) to this power: "
        + "0.5 is locally balanced, and what the papers call temperature 2.")]
    [Bounds(0, 1, Above = true)]
    public double Balance { get; init; } = 0.5;
}

/// <summary>Gibbs with gradients: one change a proposal, accepted or rejected.</summary>
public sealed record GwgSpec : InformedSpec;

/// <summary>Discrete Metropolis-adjusted Langevin: every unit may change in a proposal, accepted or rejected.</summary>
public sealed record DmalaSpec : InformedSpec
{
    /// <inheritdoc/>
    public override SamplerSpec Changed(int times, double stepShare) =>
        ((DmalaSpec)base.Changed(times, stepShare)) with { StepSize = StepSize * stepShare };

    /// <summary>Step size.</summary>
    [Description("Step size: larger ones change more units in a proposal.")]
    [Bounds(0, 1e6, Above = true)]
    public double StepSize { get; init; } = 0.2;

    /// <summary>Whether the step size follows the acceptance rate from round to round.</summary>
    [Description("Adapt the step size to the acceptance rate, from round to round; stepSize is where it starts.")]
    public bool Adapt { get; init; } = true;
}

/// <summary>Discrete unadjusted Langevin: every proposal is taken.</summary>
public sealed record DulaSpec : InformedSpec
{
    /// <inheritdoc/>
    public override SamplerSpec Changed(int times, double stepShare) =>
        ((DulaSpec)base.Changed(times, stepShare)) with { StepSize = StepSize * stepShare };

    /// <summary>Step size.</summary>
    [Description("Step size: larger ones change more units in a step, and bias the chains more.")]
    [Bounds(0, 1e6, Above = true)]
    public double StepSize { get; init; } = 0.1;
}
