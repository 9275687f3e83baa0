using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// A base of real units, uniform in the range of the sampler, which is also the domain of the model's density.
/// </summary>
internal sealed class UniformBase(StateSpace space, double low, double high) : IBaseDistribution
{
    /// <inheritdoc/>
    public StateSpace Space => space;

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor states) =>
        Sums.Filled([states.shape[0]], -space.Features * Math.Log(high - low), states.dtype, states.device);

    /// <inheritdoc/>
    public Tensor StateGradient(Tensor states) => zeros_like(states);

    /// <inheritdoc/>
    public Tensor Sample(int count, INoise noise, NoiseSite site, Device device)
    {
        using Scalar width = high - low, first = low;
        var states = empty([count, space.Features], ScalarType.Float32, device);
        noise.FillUniform(states, site);
        return states.mul_(width).Increase(first);
    }
}
