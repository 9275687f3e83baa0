using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>
/// Draws from categorical distributions by the Gumbel-max trick: argmax(logits + g), g = -log(-log u) (Gumbel 1954;
/// Maddison et al. 2014).
/// </summary>
internal static class CategoricalDraw
{
    /// <summary>
    /// A draw from softmax(logits) over the last dimension; the lowest index wins ties. A logit of minus infinity is
    /// never drawn. The noise has 24 bits, and so does the resolution of the probabilities.
    /// </summary>
    /// <param name="logits">[chains, ..., n].</param>
    /// <param name="noise">Noise on the device.</param>
    /// <param name="site">Site of the noise.</param>
    /// <returns>Indices, [chains, ...].</returns>
    public static Tensor Of(Tensor logits, INoise noise, NoiseSite site)
    {
        var uniform = empty(logits.shape, ScalarType.Float32, logits.device);
        noise.FillUniform(uniform, site);
        return Gumbel(uniform).Increase(logits).argmax(-1);
    }

    /// <summary>Transforms uniform values in [0, 1) to Gumbel noise, in place.</summary>
    public static Tensor Gumbel(Tensor uniform) => uniform.log_().neg_().log_().neg_();
}
