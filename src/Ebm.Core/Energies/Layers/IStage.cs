using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>
/// A piece of a <c>LayeredEnergy</c>, a layer or a composition of layers: its forward pass and its gradient in the
/// input. Pure; works for any number of rows, on any device, in any floating type. Temporaries belong to the caller's
/// dispose scope.
/// </summary>
internal interface IStage
{
    /// <summary>Its parameters, in the order in which the passes receive them.</summary>
    IReadOnlyList<LayerParameter> Parameters { get; }

    /// <summary>Output for a batch, [rows, ...]; differentiable by autograd in the parameters.</summary>
    Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters);

    /// <summary>The same, leaving on the <paramref name="trail"/> what <see cref="Backward"/> takes off it.</summary>
    Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail);

    /// <summary>
    /// Gradient in the input, in its shape, given the gradient in the output of the last pass that left something on
    /// the trail.
    /// </summary>
    Tensor Backward(Tensor upstream, ReadOnlySpan<Tensor> parameters, Stack<Tensor> trail);

    /// <summary>The same stage for rows of known classes.</summary>
    IStage Given(RowClasses rows) => this;
}
