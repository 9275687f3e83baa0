using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A path from independent units to a model through models of the same kind, so that Gibbs sampling applies at every
/// temperature: theta_beta = (1 - beta) theta_0 + beta theta_1, where theta_0 has no couplings, and log f_beta(x) =
/// -E(x; theta_beta).
/// </summary>
/// <param name="energy">The model.</param>
/// <param name="parameters">theta_1; they must outlive the path.</param>
/// <param name="start">theta_0.</param>
internal sealed class ParameterPath(IBlockGibbs energy, Parameters parameters, IndependentUnits start) : IAnnealedPath
{
    private readonly Tensor _start = tensor(start.Flat, device: parameters.Flat.device);

    /// <inheritdoc/>
    public StateSpace Space => energy.Space;

    /// <inheritdoc/>
    public double BaseLogZ => start.LogZ;

    /// <inheritdoc/>
    public ISampler? Adaptive => null;

    /// <inheritdoc/>
    public Tensor Base(int chains, INoise noise, NoiseSite site)
    {
        // Without couplings a sweep is independent of its start.
        using var uncoupled = At(0);
        using var any = zeros([chains, Space.Features], ScalarType.Float32, parameters.Flat.device);
        return energy.Sweep(uncoupled, any, noise, site);
    }

    /// <inheritdoc/>
    public SamplerResult Step(Tensor states, Tensor logWeights, TemperatureChange change, ChainBlock chains, uint step)
    {
        using var scope = NewDisposeScope();
        using var from = At(change.From);
        using var to = At(change.To);
        logWeights.Increase(energy.Energy(from, states).sub_(energy.Energy(to, states)).to_type(ScalarType.Float64));
        var moved = energy.Sweep(to, states, chains.Noise, new NoiseSite(chains.Key, chains.FirstChain, step));
        return new SamplerResult(moved.MoveToOuterDisposeScope(), default);
    }

    private Parameters At(double beta)
    {
        using Scalar rest = 1 - beta, share = beta;
        return new Parameters(parameters.Layout, _start.mul(rest).add_(parameters.Flat, alpha: share));
    }
}
