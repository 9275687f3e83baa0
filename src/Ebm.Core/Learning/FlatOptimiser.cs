using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Learning;

/// <summary>
/// An update rule on flat float32 tensors, in place and on their device. The formulas and their order of operations are
/// PyTorch's. Holds constants only; what it remembers is in an <see cref="OptimiserState"/>.
/// </summary>
public abstract class FlatOptimiser
{
    /// <summary>The rule that a spec names.</summary>
    public static FlatOptimiser From(OptimiserSpec spec, double weightDecay) => spec switch
    {
        SgdSpec s => new Sgd(s.Momentum, weightDecay),
        AdamSpec a => new Adam(a.Beta1, a.Beta2, a.Epsilon, weightDecay),
        AdamWSpec a => new AdamW(a.Beta1, a.Beta2, a.Epsilon, weightDecay),
        _ => throw new ArgumentException($"No optimiser is known for {spec.GetType().Name}.", nameof(spec)),
    };

    /// <summary>Names of the tensors that the rule keeps in its state.</summary>
    public abstract IReadOnlyList<string> StateNames { get; }

    /// <summary>The state before the first update: zeros like <paramref name="parameters"/>.</summary>
    public OptimiserState Initialise(Tensor parameters) =>
        new(0, StateNames.Select(name => KeyValuePair.Create(name, zeros_like(parameters))));

    /// <summary>
    /// One update of <paramref name="parameters"/> [n] and of <paramref name="state"/>, both in place.
    /// <paramref name="gradient"/> [n] is what to descend on; it is left as it is.
    /// </summary>
    public void Step(Tensor parameters, Tensor gradient, double rate, OptimiserState state)
    {
        using var scope = NewDisposeScope();
        state.Step++;
        Update(parameters, gradient, rate, state);
    }

    /// <summary>The rule itself, with <see cref="OptimiserState.Step"/> counting from 1.</summary>
    private protected abstract void Update(Tensor parameters, Tensor gradient, double rate, OptimiserState state);

    /// <summary>g + decay * theta: L2 regularisation inside the gradient.</summary>
    private protected static Tensor WithDecay(Tensor gradient, Tensor parameters, double decay)
    {
        using Scalar factor = decay;
        return decay == 0 ? gradient : gradient.add(parameters, alpha: factor);
    }
}
