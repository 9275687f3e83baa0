using static TorchSharp.torch;

namespace Ebm.Core.Energies.Bases;

/// <summary>Draws by inverting a distribution function.</summary>
internal static class InverseTransform
{
    /// <summary>
    /// The value that each uniform number in [0, 1) falls to: the number of cumulative probabilities that do not exceed
    /// it.
    /// </summary>
    /// <param name="cumulative">p of the values up to each but the last, [..., values - 1].</param>
    /// <param name="uniform">Uniform numbers, [...], or with a further dimension in front.</param>
    /// <returns>float32, in the shape of <paramref name="uniform"/>.</returns>
    public static Tensor Of(Tensor cumulative, Tensor uniform) =>
        uniform.unsqueeze(-1).ge(cumulative).sum(-1).to(ScalarType.Float32);
}
