using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>One layer: a stage that needs its input for its gradient, and nothing else of the pass forward.</summary>
internal interface ILayer : IStage
{
    /// <summary>
    /// Gradient in the input, in its shape, given the input of the forward pass and the gradient in the output.
    /// </summary>
    Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters);

    Tensor IStage.Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail)
    {
        trail.Push(input);
        return Forward(input, parameters);
    }

    Tensor IStage.Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail) =>
        Backward(trail.Pop(), upstream, parameters);
}

/// <summary>
/// A parameter of a layer, and how many inputs each output sums, which scales its initial values; 0: they are zero.
/// </summary>
internal sealed record LayerParameter(string Name, long[] Shape, int FanIn)
{
    /// <summary>
    /// Whether the passes receive it divided by its largest singular value (see <see cref="SpectralNormalisation"/>).
    /// </summary>
    public bool IsNormalised { get; init; }
}
