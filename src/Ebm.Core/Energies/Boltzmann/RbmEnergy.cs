using Ebm.Core.Datasets;
using Ebm.Core.Energies.Bases;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Boltzmann;

/// <summary>
/// Restricted Boltzmann machine with binary visible and hidden units. Its energy is the free energy
/// F(v) = -v.b - sum_j softplus(c_j + (vW)_j), the hidden units summed out (Hinton, A Practical Guide, eq. 25).
/// Centring is a transform of the gradient, not of the energy: parameters are always the plain ones.
/// </summary>
internal sealed class RbmEnergy(RbmSpec spec, int features, ImageShape? image = null) : RestrictedBoltzmann(
    new StateSpace(features, UnitKind.Binary, image), spec.Hidden, precision: 1, spec.WeightScale, spec.Classes ?? 0)
{
    /// <summary>A pixel that is never (or always) on would have an infinite log-odds.</summary>
    private const float Rarest = 0.001f;

    /// <summary>Rate of the offsets of the centred gradient; null for the plain gradient.</summary>
    internal double? OffsetRate => spec.Centred ? spec.OffsetRate : null;

    /// <summary>Log-odds of v = 1 given <paramref name="hidden"/> [rows, hidden]; [rows, features].</summary>
    internal Tensor VisibleLogits(Parameters parameters, Tensor hidden)
    {
        using var transposed = parameters["weight"].t();
        return addmm(VisibleBias(parameters), hidden, transposed, beta: 1, alpha: 1);
    }

    private protected override (float[] Bias, double LogZ) UncoupledVisible(Dataset data)
    {
        var odds = DataMeanBase.Fit(Space, data).LogOdds;
        return (odds, odds.Sum(a => Math.Log(1 + Math.Exp(-Math.Abs((double)a))) + Math.Max(a, 0.0)));
    }

    private protected override float[] VisibleBias(DataSummary data) => [.. data.Mean.Select(mean =>
    {
        var p = Math.Clamp(mean, Rarest, 1 - Rarest);
        return MathF.Log(p / (1 - p));
    })];

    private protected override Tensor VisibleEnergy(Tensor states, Tensor bias) =>
        (bias.dim() == 1 ? mv(states, bias) : states.mul(bias).sum(1)).neg_();

    private protected override Tensor VisibleGradient(Tensor states, Tensor bias) =>
        bias.neg().expand(states.shape).contiguous();

    private protected override Tensor VisibleBiasGradient(Tensor states, Tensor bias, Tensor factor) =>
        mv(states.t(), factor).neg_();

    private protected override Tensor VisibleBiasGradients(Tensor states, Tensor bias) => states.neg();

    private protected override Tensor SampleVisible(Tensor input, Tensor bias, INoise noise, NoiseSite site)
    {
        noise.BernoulliInPlace(input, bias, site);
        return input;
    }
}
