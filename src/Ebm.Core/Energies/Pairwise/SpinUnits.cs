using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>Ising spins: bits x, as s = 2x - 1. In a field f a spin is +1 with probability sigmoid(2 f).</summary>
internal sealed class SpinUnits : IPairwiseUnits
{
    /// <inheritdoc/>
    public int Width => 1;

    /// <inheritdoc/>
    public double Slope => 2;

    /// <inheritdoc/>
    public StateSpace Space(int features, ImageShape? image) => new(features, UnitKind.Binary, image);

    /// <inheritdoc/>
    public Tensor Encode(Tensor states)
    {
        using Scalar two = 2.0, one = 1.0;
        return states.mul(two).sub_(one).unsqueeze(2);
    }

    /// <inheritdoc/>
    public Tensor Decode(Tensor encoded)
    {
        using Scalar half = 0.5;
        return encoded.squeeze(2).mul(half).Increase(half);
    }

    /// <inheritdoc/>
    public Tensor Draw(Tensor field, INoise noise, NoiseSite site)
    {
        using Scalar two = 2.0;
        var bits = field.squeeze(2).mul_(two);
        noise.BernoulliInPlace(bits, zeros(bits.shape[1], bits.dtype, bits.device), site);
        return Encode(bits);
    }

    /// <summary>log(u / (1 - u)) / 2: below the field with probability sigmoid(2 f).</summary>
    public Tensor Thresholds(Tensor uniform)
    {
        using Scalar half = 0.5;
        var complement = uniform.neg().log1p_();
        return uniform.log_().sub_(complement).mul_(half);
    }

    /// <inheritdoc/>
    public Tensor Choose(Tensor field, Tensor thresholds)
    {
        using Scalar two = 2.0, one = 1.0;
        return thresholds.lt(field).to_type(field.dtype).mul_(two).sub_(one);
    }
}
