using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Pairwise;

/// <summary>
/// Potts units: categories, one-hot encoded. In a field f a unit takes category c with probability softmax_c(f).
/// </summary>
internal sealed class CategoryUnits(int categories) : IPairwiseUnits
{
    /// <inheritdoc/>
    public int Width => categories;

    /// <inheritdoc/>
    public double Slope => 1;

    /// <inheritdoc/>
    public StateSpace Space(int features, ImageShape? image) => new(features, UnitKind.Categorical, image, categories);

    /// <inheritdoc/>
    public Tensor Encode(Tensor states) => OneHot(states.unsqueeze(2), [1, 1, categories]);

    /// <inheritdoc/>
    public Tensor Decode(Tensor encoded) => encoded.argmax(2).to_type(encoded.dtype);

    /// <inheritdoc/>
    public Tensor Draw(Tensor field, INoise noise, NoiseSite site) =>
        Encode(CategoricalDraw.Of(field, noise, site).to_type(field.dtype));

    /// <inheritdoc/>
    public Tensor Thresholds(Tensor uniform) => CategoricalDraw.Gumbel(uniform);

    /// <inheritdoc/>
    public Tensor Choose(Tensor field, Tensor thresholds) =>
        OneHot(field.Plus(thresholds).argmax(0, keepdim: true).to_type(field.dtype), [categories, 1]);

    private Tensor OneHot(Tensor numbers, long[] shape) =>
        Sums.Count(0, categories, numbers.dtype, numbers.device).view(shape).eq(numbers).to_type(numbers.dtype);
}
