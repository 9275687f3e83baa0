using static TorchSharp.torch;

namespace Ebm.Core.Randomness;

/// <summary>
/// Keyed noise on one type of device. Tensors are [chains, columns] (trailing dimensions are flattened to columns),
/// float32, contiguous, and on that device. Equal arguments give equal bits, independent of earlier calls.
/// </summary>
public interface INoise
{
    /// <summary>Overwrites <paramref name="target"/> with uniform values in [0, 1).</summary>
    void FillUniform(Tensor target, NoiseSite site);

    /// <summary>
    /// Adds <paramref name="scale"/> times standard normal noise to <paramref name="target"/> in place.
    /// </summary>
    void AddNormal(Tensor target, float scale, NoiseSite site);

    /// <summary>
    /// Overwrites <paramref name="logits"/> [chains, columns] with 0 or 1, drawn with probability sigmoid(logits +
    /// bias); <paramref name="bias"/> is [columns].
    /// </summary>
    void BernoulliInPlace(Tensor logits, Tensor bias, NoiseSite site);
}
