using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Stochastic gradient descent: g += decay theta; m = momentum m + g; theta -= rate m. Stateless without momentum.
/// </summary>
internal sealed class Sgd(double momentum, double weightDecay) : FlatOptimiser
{
    private const string Momentum = "momentum";

    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = momentum == 0 ? [] : [Momentum];

    private protected override void Update(Tensor parameters, Tensor gradient, double rate, OptimiserState state)
    {
        var direction = WithDecay(gradient, parameters, weightDecay);
        if (momentum != 0)
        {
            using Scalar kept = momentum;
            direction = state.Tensors[Momentum].mul_(kept).Increase(direction);
        }

        using Scalar step = -rate;
        parameters.add_(direction, alpha: step);
    }
}
