using System.ComponentModel;

namespace Ebm.Core.Spec;

/// <summary>Replica exchange: copies of every chain at rising temperatures, which exchange their states.</summary>
public sealed record TemperingSpec : SamplerSpec
{
    /// <inheritdoc/>
    public override int Transitions() => Exchanges * Inner.Transitions();

    /// <inheritdoc/>
    public override double[]? KeptRange() => Inner.KeptRange();

    /// <inheritdoc/>
    public override bool FollowsGradient() => Inner.FollowsGradient();

    /// <inheritdoc/>
    public override int Replicated() => Replicas;

    /// <summary>With as many exchanges as it takes.</summary>
    public override SamplerSpec WithTransitions(int steps) =>
        this with { Exchanges = (steps + Inner.Transitions() - 1) / Inner.Transitions() };

    /// <inheritdoc/>
    public override SamplerSpec Changed(int times, double stepShare) =>
        this with { Inner = Inner.Changed(times, stepShare) };

    /// <summary>Replicas of a chain, the model's own among them.</summary>
    [Description("Replicas of each chain, at rising temperatures; the first one is the chain of the model.")]
    [Bounds(2, 64)]
    public int Replicas { get; init; } = 8;

    /// <summary>Inverse temperature of each replica, as a share of the one before.</summary>
    [Description("Inverse temperature of each replica, as a share of that of the one before.")]
    [Bounds(0, 1, Above = true)]
    public double Ratio { get; init; } = 0.8;

    /// <summary>Whether the ratio follows the share of accepted exchanges.</summary>
    [Description("Adapt the ratio to the share of accepted exchanges, from round to round; ratio is where it starts.")]
    public bool Adapt { get; init; } = true;

    /// <summary>Exchanges a round.</summary>
    [Description("Exchanges a round, each after the inner sampler's transitions.")]
    [Bounds(1, 1e5)]
    public int Exchanges { get; init; } = 1;

    /// <summary>The kernel of every replica.</summary>
    [Description("The sampler of every replica.")]
    public required SamplerSpec Inner { get; init; }
}
