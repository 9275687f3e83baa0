using Ebm.Core.Native;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Square convolution, with stride 2 unless said otherwise. <c>weight</c> is [outputs, inputs, kernel, kernel],
/// <c>bias</c> [outputs]; images are [rows, channels, height, width], <paramref name="input"/> their shape.
/// </summary>
internal sealed class Convolution(
    string name, ImageShape input, int outputs, int kernel, int padding, int stride = 2,
    bool isNormalised = false) : ILayer
{
    /// <summary>
    /// Whether the gradient in the input is a stride-1 convolution to phases (see <see cref="PhaseGradient"/>).
    /// </summary>
    private readonly bool _byPhases = input.Channels == 1 && PhaseGradient.Applies(input, kernel, padding, stride);

    /// <summary>Pixels from one output to the next.</summary>
    public int Stride => stride;

    /// <summary>Rows and columns of zeros around the image.</summary>
    public int Padding => padding;

    /// <summary>Shape of its output.</summary>
    public ImageShape Output { get; } =
        new(outputs, Side(input.Height, kernel, padding, stride), Side(input.Width, kernel, padding, stride));

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } =
    [
        new(
            $"{name}.weight", [outputs, input.Channels, kernel, kernel],
            input.Channels * kernel * kernel) { IsNormalised = isNormalised },
        new($"{name}.bias", [outputs], input.Channels * kernel * kernel),
    ];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => ChannelsLast.Order(
        nn.functional.conv2d(input, parameters[0], parameters[1], [stride, stride], [padding, padding]));

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) => _byPhases
        ? PhaseGradient.Compute(upstream, parameters[0])
        : TorchOps.ConvolutionBackward(upstream, input, parameters[0], stride, padding);

    private static int Side(int side, int kernel, int padding, int stride) =>
        ((side + (2 * padding) - kernel) / stride) + 1;
}
