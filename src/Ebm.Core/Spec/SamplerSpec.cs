using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Ebm.Core.Spec;

/// <summary>The Markov kernel.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(GibbsSpec), "gibbs")]
[JsonDerivedType(typeof(LangevinSpec), "langevin")]
[JsonDerivedType(typeof(MalaSpec), "mala")]
[JsonDerivedType(typeof(HmcSpec), "hmc")]
[JsonDerivedType(typeof(GwgSpec), "gwg")]
[JsonDerivedType(typeof(DmalaSpec), "dmala")]
[JsonDerivedType(typeof(DulaSpec), "dula")]
[JsonDerivedType(typeof(TemperingSpec), "tempering")]
[JsonDerivedType(typeof(JitterSpec), "jitter")]
public abstract record SamplerSpec
{
    /// <summary>The kernel's name in a spec.</summary>
    public string Name() => SpecShape.KindOf(GetType())!;

    /// <summary>Transitions a round.</summary>
    public abstract int Transitions();

    /// <summary>The range that real states are kept in; null where they are not.</summary>
    public virtual double[]? KeptRange() => null;

    /// <summary>States that a chain consists of, side by side in its slot.</summary>
    public virtual int Replicated() => 1;

    /// <summary>Whether it needs the energy's gradient in the states.</summary>
    public virtual bool FollowsGradient() => true;

    /// <summary>The same kernel with another number of transitions.</summary>
    /// <exception cref="InputException">The kernel is one transition by its nature, and no chain of its
    /// model.</exception>
    public abstract SamplerSpec WithTransitions(int steps);

    /// <summary>
    /// The same kernel with so many times the transitions, each with a share of its step size, where it has those.
    /// </summary>
    public virtual SamplerSpec Changed(int times, double stepShare) =>
        times == 1 ? this : WithTransitions((int)Math.Min(1_000_000, (long)times * Transitions()));
}

/// <summary>Block Gibbs sampling, group after group of units that are independent given the others.</summary>
public sealed record GibbsSpec : SamplerSpec
{
    /// <inheritdoc/>
    public override bool FollowsGradient() => false;

    /// <inheritdoc/>
    public override int Transitions() => Steps;

    /// <inheritdoc/>
    public override SamplerSpec WithTransitions(int steps) => this with { Steps = steps };

    /// <summary>Sweeps a round.</summary>
    [Description("Sweeps over all units a round.")]
    [Bounds(1, 1e6)]
    public int Steps { get; init; } = 1;
}

/// <summary>Unadjusted Langevin dynamics: x &lt;- x - step * clip(dE/dx) + noise * N(0, 1).</summary>
public sealed record LangevinSpec : SamplerSpec
{
    /// <inheritdoc/>
    public override int Transitions() => Steps;

    /// <inheritdoc/>
    public override double[]? KeptRange() => Range;

    /// <inheritdoc/>
    /// <remarks>The noise falls by the root, so that the temperature, noise^2 / (2 step size), stays.</remarks>
    public override SamplerSpec Changed(int times, double stepShare) =>
        ((LangevinSpec)base.Changed(times, stepShare)) with
    {
        StepSize = StepSize * stepShare,
        Noise = Noise * Math.Sqrt(stepShare),
    };

    /// <summary>
    /// Drift of a step in units of its noise, for a norm of dE/dx of 1, where the chains sample at about temperature 1:
    /// at the model's own law it is then sqrt(step size times mean curvature / 2), and dynamics are unstable long
    /// before it is 1. Null elsewhere: colder chains live from their drift.
    /// </summary>
    public double? DriftPerGradient(int features)
    {
        var temperature = Noise * Noise / (2 * StepSize);
        return GradientClip is null && temperature >= LeastTemperature
            ? StepSize / (Noise * Math.Sqrt(features))
            : null;
    }

    /// <inheritdoc/>
    public override SamplerSpec WithTransitions(int steps) => this with { Steps = steps };

    private const double LeastTemperature = 0.25;

    /// <summary>Steps a round.</summary>
    [Description("Steps a round.")]
    [Bounds(1, 1e6)]
    public int Steps { get; init; } = 60;

    /// <summary>Factor of the gradient.</summary>
    [Description("Factor of the energy's gradient in each step.")]
    [Bounds(0, 1e6, Above = true)]
    public double StepSize { get; init; } = 10;

    /// <summary>Standard deviation of the noise added in each step.</summary>
    [Description("Standard deviation of the noise added in each step. sqrt(2 step size) samples the model itself.")]
    [Bounds(0, 1e3)]
    public double Noise { get; init; } = 0.005;

    /// <summary>Each component of the gradient is clipped to this absolute value; none if absent.</summary>
    [Description("Clip each component of the gradient to this absolute value.")]
    [Bounds(0, 1e9, Above = true)]
    public double? GradientClip { get; init; }

    /// <summary>States are clamped to this range after each step; none if absent.</summary>
    [Description("Two numbers: states are clamped to this range after every step.")]
    [Length(2, 2)]
    [Bounds(-1e6, 1e6)]
    public double[]? Range { get; init; }

    /// <summary>Step size and noise of the last step, as a share of the first's (geometric in between).</summary>
    [Description("Annealing: the last step's size and noise as a share of the first's, geometric in between.")]
    [Bounds(0, 1, Above = true)]
    public double Anneal { get; init; } = 1;
}

/// <summary>One-step jitter: the negatives are the data with Gaussian noise.</summary>
public sealed record JitterSpec : SamplerSpec
{
    /// <inheritdoc/>
    public override bool FollowsGradient() => false;

    /// <inheritdoc/>
    public override SamplerSpec Changed(int times, double stepShare) => this;

    /// <inheritdoc/>
    public override int Transitions() => 1;

    /// <inheritdoc/>
    public override SamplerSpec WithTransitions(int steps) => throw new InputException(
        "the run's sampler is jitter, which blurs data and draws nothing from a model; "
            + "sampling needs a run with another sampler.");

    /// <summary>Standard deviation of the noise.</summary>
    [Description("Standard deviation of the Gaussian noise added to the data.")]
    [Bounds(0, 1e3, Above = true)]
    public double Noise { get; init; } = 0.1;
}
