using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>g += decay theta; m = momentum m + g; theta -= rate m. Without momentum nothing is remembered.</summary>
public sealed class Sgd(double momentum, double weightDecay) : Optimiser
{
    private const string Momentum = "momentum";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = momentum == 0 ? [] : [Momentum];

    private protected override void Update(Tensor parameters, Tensor gradient, double rate, OptimiserState state)
    {
        var direction = WithDecay(gradient, parameters, weightDecay);
        if (momentum != 0)
        {
            direction = state.Tensors[Momentum].mul_(momentum).add_(direction);
        }

        parameters.add_(direction, alpha: -rate);
    }
}
