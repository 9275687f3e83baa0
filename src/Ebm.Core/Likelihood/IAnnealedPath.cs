using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Distributions p_beta(x) = f_beta(x) / Z_beta from a base whose normaliser is known (beta = 0) to the model (beta =
/// 1), each with a Markov kernel that leaves it as it is. What annealed importance sampling walks along (Neal,
/// "Annealed importance sampling", 2001), in either direction. Pure, but for the constants that it holds.
/// </summary>
public interface IAnnealedPath
{
    /// <summary>The states.</summary>
    StateSpace Space { get; }

    /// <summary>log Z_0 in nats.</summary>
    double BaseLogZ { get; }

    /// <summary>
    /// The kernel, where it adapts numbers that each step takes (<see cref="ISampler.Adapt"/>); else null.
    /// </summary>
    ISampler? Adaptive { get; }

    /// <summary>
    /// Independent draws from the base, [chains, features], on the path's device. Uses all draws of the site's step.
    /// </summary>
    Tensor Base(int chains, INoise noise, NoiseSite site);

    /// <summary>
    /// One step of the walk: adds log f_to(x) - log f_from(x) to <paramref name="logWeights"/>, then moves x by a
    /// kernel that leaves p_to as it is.
    /// </summary>
    /// <param name="states">x, [chains, features]; may be overwritten.</param>
    /// <param name="logWeights">[chains], float64, added to in place.</param>
    /// <param name="change">The temperatures.</param>
    /// <param name="chains">Which chains these are, and the walk's key.</param>
    /// <param name="step">Number of the step within the walk, from 1: no two steps draw the same noise.</param>
    /// <returns>The moved states, [chains, features], and what the kernel says of the move where it is
    /// adaptive.</returns>
    SamplerResult Step(Tensor states, Tensor logWeights, TemperatureChange change, ChainBlock chains, uint step);
}

/// <summary>A step between inverse temperatures.</summary>
/// <param name="From">The one that the states were drawn at.</param>
/// <param name="To">The next one.</param>
/// <param name="Tuning">What the kernel has adapted at <paramref name="To"/>; empty where it adapts nothing.</param>
public readonly record struct TemperatureChange(double From, double To, IReadOnlyList<double> Tuning);
