using Ebm.Core.Energies;
using Ebm.Core.Energies.Boltzmann;
using Ebm.Core.Randomness;
using Ebm.Core.Sampling;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A path from independent pixels to a binary RBM through RBMs, so that block Gibbs applies at every temperature
/// (Salakhutdinov and Murray, "On the quantitative analysis of deep belief networks", 2008, eq. 14-17, keeping the
/// base's hidden units): visible biases (1 - beta) a + beta b, weights beta W, hidden biases beta c, log f_beta(v) =
/// v·((1 - beta) a + beta b) + sum_j softplus(beta (c_j + (vW)_j)).
/// </summary>
internal sealed class RbmPath : IAnnealedPath
{
    private readonly Tensor _weight, _transposed, _base, _slope, _visible, _hidden, _noBias;

    /// <param name="energy">The RBM.</param>
    /// <param name="parameters">Its parameters; they must outlive the path.</param>
    /// <param name="start">The RBM without couplings; its visible biases are a.</param>
    /// <remarks>Creates tensors in the caller's dispose scope.</remarks>
    public RbmPath(RbmEnergy energy, Parameters parameters, IndependentUnits start)
    {
        Space = energy.Space;
        (_weight, _visible, _hidden) = (parameters["weight"], parameters["visible.bias"], parameters["hidden.bias"]);
        _transposed = _weight.t();
        using (var flat = tensor(start.Flat))
        using (var bias = flat.narrow(0, energy.Layout.Entries[1].Offset, Space.Features))
        {
            _base = bias.to(_weight.device, copy: true);
        }

        _slope = _visible.sub(_base);
        _noBias = zeros_like(_hidden);
        BaseLogZ = start.LogZ;
    }

    /// <inheritdoc/>
    public StateSpace Space { get; }

    /// <inheritdoc/>
    public double BaseLogZ { get; }

    /// <inheritdoc/>
    public ISampler? Adaptive => null;

    /// <inheritdoc/>
    public Tensor Base(int chains, INoise noise, NoiseSite site)
    {
        var states = zeros([chains, Space.Features], ScalarType.Float32, _weight.device);
        noise.BernoulliInPlace(states, _base, site);
        return states;
    }

    /// <inheritdoc/>
    public SamplerResult Step(Tensor states, Tensor logWeights, TemperatureChange change, ChainBlock chains, uint step)
    {
        using var scope = NewDisposeScope();
        var (from, to, _) = change;
        using Scalar beta = to, rise = to - from;
        var hidden = addmm(_hidden, states, _weight, beta: 1, alpha: 1);
        logWeights.add_(mv(states, _slope), alpha: rise);
        SoftplusDifference.AddRows(hidden, from, to, logWeights);

        var site = new NoiseSite(chains.Key, chains.FirstChain, step);
        chains.Noise.BernoulliInPlace(hidden.mul_(beta), _noBias, site with { Draw = 0 });
        states.addmm_(hidden, _transposed, beta: 0, alpha: (float)to);
        chains.Noise.BernoulliInPlace(states, add(_base, _slope, alpha: beta), site with { Draw = 1 });
        return new SamplerResult(states, default);
    }
}
