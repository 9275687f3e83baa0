using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// Gibbs with gradients on binary units (Grathwohl et al. 2021, algorithm 1): flips unit i with probability
/// softmax_i(balance gain_i). The table holds the log-probabilities, [chains, features].
/// </summary>
internal sealed class SingleFlipProposal(double balance) : IInformedProposal
{
    /// <inheritdoc/>
    public Tensor Table(Tensor states, Tensor gradient, double stepSize, Tensor? known)
    {
        using Scalar factor = balance;
        var logits = FirstOrderGains.OfFlips(states, gradient).mul_(factor);
        return (known is null ? logits : logits.FilledWhere(known, double.NegativeInfinity)).log_softmax(1);
    }

    /// <inheritdoc/>
    public Tensor Draw(Tensor table, Tensor states, INoise noise, NoiseSite site)
    {
        var unit = CategoricalDraw.Of(table, noise, site).unsqueeze(1);
        using Scalar one = 1.0;
        return states.scatter(1, unit, states.gather(1, unit).neg_().Increase(one));
    }

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor table, Tensor from, Tensor to) =>
        where(from.ne(to), table, zeros_like(table)).sum(1);
}
