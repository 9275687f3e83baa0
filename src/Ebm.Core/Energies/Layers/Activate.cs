using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Layers;

/// <summary>A nonlinearity, element by element.</summary>
public sealed class Activate(Activation activation) : ILayer
{
    /// <summary>As in <see cref="TorchOps.LeakyReluBackward"/>.</summary>
    private const double LeakySlope = 0.2;

    /// <inheritdoc/>
    public IReadOnlyList<LayerParameter> Parameters => [];

    /// <inheritdoc/>
    public Tensor Forward(Tensor input, ReadOnlySpan<Tensor> parameters) => activation switch
    {
        Activation.Silu => nn.functional.silu(input),
        Activation.Relu => input.relu(),
        Activation.Tanh => input.tanh(),
        Activation.Softplus => nn.functional.softplus(input),
        Activation.LeakyRelu => nn.functional.leaky_relu(input, LeakySlope),
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
