using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Convolution over neighbouring positions of sequences [rows * positions, inputs], to [rows * positions, outputs]; an
/// odd kernel, and zeros beyond a sequence's ends. <c>weight</c> is [outputs, kernel, inputs], <c>bias</c> [outputs].
/// One matrix product, since the inputs of neighbouring positions lie beside each other.
/// </summary>
internal sealed class SequenceConvolution(string name, int positions, int inputs, int outputs, int kernel) : ILayer
{
    /// <summary>Positions in a row.</summary>
    public int Positions => positions;

    private readonly int _reach = kernel / 2;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } =
        [new($"{name}.weight", [outputs, kernel, inputs], kernel * inputs),
            new($"{name}.bias", [outputs], kernel * inputs)];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters)
    {
        var padded = nn.functional.pad(input.view(-1, positions, inputs), [0, 0, _reach, _reach]);
        var windows = padded.unfold(1, kernel, 1).transpose(2, 3).reshape(-1, kernel * inputs);
        return addmm(parameters[1], windows, parameters[0].view(outputs, -1).t(), beta: 1, alpha: 1);
    }

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters)
    {
        var windows = mm(upstream, parameters[0].view(outputs, -1)).view(-1, positions, kernel, inputs);
        var padded = zeros([windows.shape[0], positions + (2 * _reach), inputs], upstream.dtype, upstream.device);
        for (var tap = 0; tap < kernel; tap++)
        {
            padded.narrow(1, tap, positions).Increase(windows.select(2, tap));
        }

        return padded.narrow(1, _reach, positions).reshape(-1, inputs);
    }
}
