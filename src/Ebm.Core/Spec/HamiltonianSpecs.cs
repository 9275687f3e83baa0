using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Ebm.Core.Spec;

/// <summary>
/// What the kernels have in common that follow Hamiltonian dynamics and accept or reject where they lead.
/// </summary>
public abstract record HamiltonianSpec : SamplerSpec
{
    /// <inheritdoc/>
    public override int Transitions() => Steps;

    /// <inheritdoc/>
    public override double[]? KeptRange() => Range;

    /// <inheritdoc/>
    public override SamplerSpec WithTransitions(int steps) => this with { Steps = steps };

    /// <summary>Proposals a round.</summary>
    [Description("Proposals a round.")]
    [Bounds(1, 1e6)]
    public int Steps { get; init; } = 10;

    /// <summary>Whether the step size follows the acceptance rate from round to round.</summary>
    [Description("Adapt the step size to the acceptance rate, from round to round; stepSize is where it starts.")]
    public bool Adapt { get; init; } = true;

    /// <summary>Samples exp(-E/temperature).</summary>
    [Description("Samples exp(-E / temperature).")]
    [Bounds(0, 1e6, Above = true)]
    public double Temperature { get; init; } = 1;

    /// <summary>
    /// Real states are kept in this range, at whose bounds proposals are reflected; unbounded if absent.
    /// </summary>
    [Description("Two numbers: the model is restricted to this range, at whose bounds proposals are reflected; "
        + "fresh states are uniform in it.")]
    [Length(2, 2)]
    [Bounds(-1e6, 1e6)]
    public double[]? Range { get; init; }
}

/// <summary>Metropolis-adjusted Langevin: x' = x - step dE/dx + sqrt(2 step) N(0, 1), accepted or rejected.</summary>
public sealed record MalaSpec : HamiltonianSpec
{
    /// <summary>Factor of the gradient in a proposal.</summary>
    [Description("Factor of the energy's gradient in a proposal; its noise has the variance 2 stepSize.")]
    [Bounds(0, 1e6, Above = true)]
    public double StepSize { get; init; } = 0.01;
}

/// <summary>Hamiltonian Monte Carlo.</summary>
public sealed record HmcSpec : HamiltonianSpec
{
    /// <summary>Leapfrog steps in a proposal.</summary>
    [Description("Leapfrog steps in a proposal.")]
    [Bounds(1, 1e4)]
    public int Leapfrog { get; init; } = 10;

    /// <summary>Size of a leapfrog step.</summary>
    [Description("Size of a leapfrog step.")]
    [Bounds(0, 1e3, Above = true)]
    public double StepSize { get; init; } = 0.1;

    /// <summary>
    /// Each proposal of a chain has a step size of its own, uniform within this share of the common one.
    /// </summary>
    [Description("Each proposal of a chain has a step size of its own, uniform within this "
        + "share around the common one.")]
    [Bounds(0, 0.99)]
    public double Jitter { get; init; }
}
