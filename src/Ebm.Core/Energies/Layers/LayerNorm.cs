using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// Each row [rows, width] with mean 0 and variance 1 (Ba, Kiros, Hinton 2016), without a gain or bias of its own: what
/// follows is a dense layer, which has both.
/// </summary>
internal sealed class LayerNorm : IStage
{
    /// <summary>What is added to the variance.</summary>
    public const double Smallest = 1e-5;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) =>
        Forward(input, parameters, new Stack<Tensor>());

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        using Scalar smallest = Smallest;
        var centred = input.sub(input.mean([-1], keepdim: true));
        var inverse = centred.Squared().mean([-1], keepdim: true).Plus(smallest).rsqrt();
        var output = centred.mul(inverse);
        trail.Push(inverse);
        trail.Push(output);
        return output;
    }

    /// <inheritdoc/>
    public Tensor Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        var (output, inverse) = (trail.Pop(), trail.Pop());
        var along = upstream.mul(output).mean([-1], keepdim: true);
        return upstream.sub(upstream.mean([-1], keepdim: true)).sub_(output.mul(along)).mul_(inverse);
    }
}
