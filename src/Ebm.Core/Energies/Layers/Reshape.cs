using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>Rows [rows, features] seen as images [rows, channels, height, width].</summary>
internal sealed class ReshapeToImage(ImageShape shape) : ILayer
{
    /// <summary>The images' shape.</summary>
    public ImageShape Shape => shape;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) =>
        ChannelsLast.Order(input.reshape(-1, shape.Channels, shape.Height, shape.Width));

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        upstream.reshape(-1, shape.Length);
}

/// <summary>Images [rows, channels, height, width] seen as rows, channel by channel.</summary>
internal sealed class Flatten(ImageShape shape) : ILayer
{
    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => input.reshape(-1, shape.Length);

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        ChannelsLast.Order(upstream.reshape(-1, shape.Channels, shape.Height, shape.Width));
}

/// <summary>Sequences [rows * positions, width] seen as rows [rows, positions * width].</summary>
internal sealed class ConcatenatePositions(int positions, int width) : ILayer
{
    /// <summary>Positions in a row.</summary>
    public int Positions => positions;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => input.reshape(-1, positions * width);

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        upstream.reshape(-1, width);
}
