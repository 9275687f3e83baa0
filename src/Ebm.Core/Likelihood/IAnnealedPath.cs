using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A path of distributions p_beta(x) = f_beta(x) / Z_beta from a base of known normaliser (beta = 0) to the model (beta
/// = 1), each with a Markov kernel that leaves it invariant (Neal, "Annealed importance sampling", 2001). AIS runs
/// follow it in either direction. Pure; holds only constants.
/// </summary>
internal interface IAnnealedPath
{
    /// <summary>Space of the states.</summary>
    StateSpace Space { get; }

    /// <summary>log Z_0 in nats.</summary>
    double BaseLogZ { get; }

    /// <summary>The kernel if it adapts its values at each step (<see cref="ISampler.Adapt"/>), else null.</summary>
    ISampler? Adaptive { get; }

    /// <summary>
    /// Independent samples of the base, [chains, features], on the path's device. Uses all draws of the site's step.
    /// </summary>
    Tensor Base(int chains, INoise noise, NoiseSite site);

    /// <summary>
    /// One step of an AIS run: adds log f_to(x) - log f_from(x) to <paramref name="logWeights"/>, then applies a kernel
    /// with invariant distribution p_to to x.
    /// </summary>
    /// <param name="states">x, [chains, features]; may be overwritten.</param>
    /// <param name="logWeights">[chains], float64, added to in place.</param>
    /// <param name="change">The temperatures.</param>
    /// <param name="chains">The chains, and the key of the run.</param>
    /// <param name="step">Step within the run, from 1; each step has its own noise.</param>
    /// <returns>The new states, [chains, features], and the statistics of an adaptive kernel.</returns>
    SamplerResult Step(Tensor states, Tensor logWeights, TemperatureChange change, ChainBlock chains, uint step);
}

/// <summary>A change of inverse temperature.</summary>
/// <param name="From">Inverse temperature of the current states.</param>
/// <param name="To">Next inverse temperature.</param>
/// <param name="Tuning">
/// Adapted values of the kernel at <paramref name="To"/>; empty for a kernel without adaptation.
/// </param>
internal readonly record struct TemperatureChange(double From, double To, IReadOnlyList<double> Tuning);
