using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>A nonlinearity, element by element.</summary>
internal sealed class ActivationLayer(Activation activation) : ILayer
{
    /// <summary>Which one.</summary>
    public Activation Activation => activation;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => activation switch
    {
        Activation.Silu => nn.functional.silu(input),
        Activation.Relu => input.relu(),
        Activation.Tanh => input.tanh(),
        Activation.Softplus => TorchOps.Softplus(input),
        Activation.LeakyRelu => input.LeakyRelu(),
        _ => throw Unknown(),
    };

    /// <inheritdoc/>
    public Tensor Backward(Tensor input, Tensor upstream, ReadOnlySpan<Tensor> parameters) => activation switch
    {
        Activation.Silu => TorchOps.SiluBackward(upstream, input),
        Activation.Relu => TorchOps.ReluBackward(upstream, input),
        Activation.Tanh => TorchOps.TanhBackward(upstream, input.tanh()),
        Activation.Softplus => TorchOps.SoftplusBackward(upstream, input),
        Activation.LeakyRelu => TorchOps.LeakyReluBackward(upstream, input),
        _ => throw Unknown(),
    };

    private InvalidOperationException Unknown() => new($"No layer computes the activation {activation}.");
}
