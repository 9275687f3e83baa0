using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>x W^T + b. <c>weight</c> is [outputs, inputs], <c>bias</c> [outputs].</summary>
internal sealed class Dense(string name, int inputs, int outputs) : ILayer
{
    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters { get; } =
        [new($"{name}.weight", [outputs, inputs], inputs), new($"{name}.bias", [outputs], inputs)];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) =>
        addmm(parameters[1], input, parameters[0].t(), beta: 1, alpha: 1);

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) =>
        mm(upstream, parameters[0]);
}
