using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// An optimiser of flat float32 tensors, in place and on their device. Formulas and order of operations are PyTorch's.
/// Holds constants only; its state is an <see cref="OptimiserState"/>.
/// </summary>
internal abstract class FlatOptimiser
{
    /// <summary>Creates the optimiser of a spec.</summary>
    public static FlatOptimiser From(OptimiserSpec spec, double weightDecay) => spec switch
    {
        SgdSpec s => new Sgd(s.Momentum, weightDecay),
        AdamSpec a => new Adam(a.Beta1, a.Beta2, a.Epsilon, weightDecay),
        AdamWSpec a => new AdamW(a.Beta1, a.Beta2, a.Epsilon, weightDecay),
        _ => throw new ArgumentException($"Unknown optimiser {spec.GetType().Name}.", nameof(spec)),
    };

    /// <summary>Names of the tensors in its state.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>The state before the first update: zeros of the shape of <paramref name="parameters"/>.</summary>
    public OptimiserState Initialise(Tensor parameters) =>
        new(0, StateNames.Select(name => KeyValuePair.Create(name, zeros_like(parameters))));

    /// <summary>
    /// Updates <paramref name="parameters"/> [n] and <paramref name="state"/> in place, to descend
    /// <paramref name="gradient"/> [n], which is not modified.
    /// </summary>
    public void Step(Tensor parameters, Tensor gradient, double rate, OptimiserState state)
    {
        using var scope = NewDisposeScope();
        state.Step++;
        Update(parameters, gradient, rate, state);
    }

    /// <summary>The update, with <see cref="OptimiserState.Step"/> counted from 1.</summary>
    private protected abstract void Update(Tensor parameters, Tensor gradient, double rate, OptimiserState state);

    /// <summary>g + decay theta: L2 regularisation in the gradient.</summary>
    private protected static Tensor WithDecay(Tensor gradient, Tensor parameters, double decay)
    {
        using Scalar factor = decay;
        return decay == 0 ? gradient : gradient.add(parameters, alpha: factor);
    }
}
