using Ebm.Core.Native;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>Means over squares of 2x2 pixels; a last odd row or column is left out.</summary>
internal sealed class AveragePool(ImageShape input) : ILayer
{
    /// <summary>Rows and columns of a square.</summary>
    public const int Side = 2;

    /// <summary>Shape of its output.</summary>
    public ImageShape Output { get; } = input with { Height = input.Height / Side, Width = input.Width / Side };

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => nn.functional.avg_pool2d(input, Side, Side);

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        TorchOps.AveragePoolBackward(upstream, input);
}

/// <summary>Sums over all pixels: [rows, channels, height, width] to [rows, channels].</summary>
internal sealed class SumPool : ILayer
{
    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => input.sum([2, 3]);

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        ChannelsLast.Order(upstream.unsqueeze(2).unsqueeze(3).expand(input.shape));
}
