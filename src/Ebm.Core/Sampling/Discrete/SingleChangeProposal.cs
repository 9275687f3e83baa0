using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// Gibbs with gradients on categorical units (Grathwohl et al. 2021, section 4.2): gives unit i another category c with
/// probability softmax_{i, c}(balance gain_{i, c}). The table holds the log-probabilities, [chains, features,
/// categories]; staying is no change and has none.
/// </summary>
internal sealed class SingleChangeProposal(double balance, int categories) : IInformedProposal
{
    /// <inheritdoc/>
    public Tensor Table(Tensor states, Tensor gradient, double stepSize, Tensor? known)
    {
        using Scalar factor = balance;
        var logits = FirstOrderGains.OfCategories(states, gradient).mul_(factor);
        var never = FirstOrderGains.IsOwn(states, categories);
        if (known is not null)
        {
            never = never.logical_or(known.unsqueeze(-1));
        }

        return logits.FilledWhere(never, double.NegativeInfinity).flatten(1).log_softmax(1).view_as(logits);
    }

    /// <inheritdoc/>
    public Tensor Draw(Tensor table, Tensor states, INoise noise, NoiseSite site)
    {
        var drawn = CategoricalDraw.Of(table.flatten(1), noise, site).unsqueeze(1);
        using Scalar count = categories;
        return states.scatter(1, drawn.div(count, RoundingMode.floor), drawn.remainder(count).to_type(states.dtype));
    }

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor table, Tensor from, Tensor to)
    {
        var taken = table.gather(2, FirstOrderGains.Index(to)).squeeze(2);
        return where(from.ne(to), taken, zeros_like(taken)).sum(1);
    }
}
