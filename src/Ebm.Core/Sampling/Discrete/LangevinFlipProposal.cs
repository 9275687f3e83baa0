using Ebm.Core.Native;
using Ebm.Core.Randomness;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// The discrete Langevin proposal on binary units (Zhang, Liu, Liu 2022, eq. 6): every unit by itself flips with
/// probability sigmoid(balance gain_i - 1 / (2 step)). The table holds these log-odds, [chains, features].
/// </summary>
internal sealed class LangevinFlipProposal(double balance) : IInformedProposal
{
    /// <inheritdoc/>
    public Tensor Table(Tensor states, Tensor gradient, double stepSize, Tensor? known)
    {
        using Scalar factor = balance, distance = 1 / (2 * stepSize);
        var odds = FirstOrderGains.OfFlips(states, gradient).mul_(factor).sub_(distance);
        return known is null ? odds : odds.FilledWhere(known, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public Tensor Draw(Tensor table, Tensor states, INoise noise, NoiseSite site)
    {
        var flips = table.clone();
        noise.BernoulliInPlace(flips, zeros(table.shape[1], table.dtype, table.device), site);
        return states.sub(flips).abs_();
    }

    /// <inheritdoc/>
    public Tensor LogProbability(Tensor table, Tensor from, Tensor to) =>
        TorchOps.Softplus(where(from.ne(to), table.neg(), table)).sum(1).neg_();
}
