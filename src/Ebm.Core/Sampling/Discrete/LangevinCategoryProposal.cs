using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// The discrete Langevin proposal on categorical units, one-hot encoded (Zhang, Liu, Liu 2022, eq. 4): every unit by
/// itself takes category c with probability softmax_c(balance gain_{i, c} - [c is another one] / step); two one-hot
/// vectors lie sqrt(2) apart. The table holds the log-probabilities, [chains, features, categories].
/// </summary>
internal sealed class LangevinCategoryProposal(double balance, int categories) : IInformedProposal
{
    /// <inheritdoc/>
    public Tensor Table(Tensor states, Tensor gradient, double stepSize, Tensor? known)
    {
        using Scalar factor = balance, distance = 1 / stepSize;
        var own = FirstOrderGains.IsOwn(states, categories);
        var logits = FirstOrderGains.OfCategories(states, gradient).mul_(factor);
        logits = where(own, logits, logits.sub(distance));
        if (known is not null)
        {
            logits = logits.FilledWhere(own.logical_not().logical_and(known.unsqueeze(-1)), double.NegativeInfinity);
        }

        return logits.log_softmax(2);
    }

    /// <inheritdoc/>
    public Tensor Draw(Tensor table, Tensor states, INoise noise, NoiseSite site) =>
        CategoricalDraw.Of(table, noise, site).to_type(states.dtype);

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor table, Tensor from, Tensor to) =>
        table.gather(2, FirstOrderGains.Index(to)).squeeze(2).sum(1);
}
