using Ebm.Core.Energies.Bases;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Likelihood;

/// <summary>
/// Real units, uniform in the range that the sampler keeps them in: what the model is a density on is that range too.
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
