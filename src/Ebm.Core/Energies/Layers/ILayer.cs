using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// One layer of a <see cref="LayeredEnergy"/>: its forward pass and its gradient in the input. Pure; works for any number of
/// rows, on any device, in any floating type. Temporaries belong to the caller's dispose scope.
/// </summary>
public interface ILayer
{
    /// <summary>Its parameters, in the order in which the passes receive them.</summary>
    IReadOnlyList<LayerParameter> Parameters { get; }

    /// <summary>Output for a batch, [rows, ...]; differentiable by autograd in the parameters.</summary>
    Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters);

    /// <summary>
    /// Gradient in the input, in its shape, given the input of the forward pass and the gradient in the output.
    /// </summary>
    Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters);
}

/// <summary>A parameter of a layer, and how many inputs each output sums, which scales its initial values.</summary>
public sealed record LayerParameter(string Name, long[] Shape, int FanIn);
