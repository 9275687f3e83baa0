using Ebm.Core.Native;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// Adam (Kingma and Ba 2015, Algorithm 1) with both bias corrections; weight decay is L2 in the gradient.
/// </summary>
internal sealed class Adam(double beta1, double beta2, double epsilon, double weightDecay) : FlatOptimiser
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = AdamMoments.Names;

    private protected override void Update(Tensor parameters, Tensor gradient, double rate, OptimiserState state) =>
        AdamMoments.Update(
            parameters, WithDecay(gradient, parameters, weightDecay), rate, state, beta1, beta2, epsilon);
}

/// <summary>
/// Adam with decoupled weight decay (Loshchilov and Hutter 2019, Algorithm 2, scaled by the rate as PyTorch does):
/// theta *= 1 - rate decay, then Adam's step.
/// </summary>
internal sealed class AdamW(double beta1, double beta2, double epsilon, double weightDecay) : FlatOptimiser
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> StateNames { get; } = AdamMoments.Names;

    private protected override void Update(Tensor parameters, Tensor gradient, double rate, OptimiserState state)
    {
        if (weightDecay != 0)
        {
            using Scalar kept = 1 - rate * weightDecay;
            parameters.mul_(kept);
        }

        AdamMoments.Update(parameters, gradient, rate, state, beta1, beta2, epsilon);
    }
}

/// <summary>The moment update of Adam and AdamW.</summary>
internal static class AdamMoments
{
    private const string First = "first-moment", Second = "second-moment";

    public static IReadOnlyList<string> Names { get; } = [First, Second];

    public static void Update(
        Tensor parameters,
        Tensor gradient,
        double rate,
        OptimiserState state,
        double beta1,
        double beta2,
        double epsilon)
    {
        using Scalar kept1 = beta1, new1 = 1 - beta1, kept2 = beta2, new2 = 1 - beta2;
        var first = state.Tensors[First].mul_(kept1).add_(gradient, alpha: new1);
        var second = state.Tensors[Second].mul_(kept2).addcmul_(gradient, gradient, new2);
        var correction1 = 1 - Math.Pow(beta1, state.Step);
        var correction2 = Math.Sqrt(1 - Math.Pow(beta2, state.Step));
        using Scalar root2 = correction2, offset = epsilon, step = -rate / correction1;
        var denominator = second.sqrt().div_(root2).Increase(offset);
        parameters.addcdiv_(first, denominator, step);
    }
}
