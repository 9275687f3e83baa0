using Ebm.Core.Datasets;
using Ebm.Core.Native;
using Ebm.Core.Randomness;
using Ebm.Core.Spec;
using Ebm.Core.States;
using static TorchSharp.torch;

namespace Ebm.Core.Energies.Boltzmann;

/// <summary>
/// Restricted Boltzmann machine with Gaussian visible units of one fixed deviation sigma:
/// E(v) = |v - b|^2 / (2 sigma^2) - sum_j softplus(c_j + (vW)_j / sigma^2), so v | h ~ N(b + Wh, sigma^2).
/// (Cho, Ilin, Raiko 2011, with the hidden units summed out.)
/// </summary>
internal sealed class GaussianRbmEnergy(GaussianRbmSpec spec, int features, ImageShape? image = null)
    : RestrictedBoltzmann(
    new StateSpace(features, UnitKind.Real, image), spec.Hidden, 1 / (spec.Sigma * spec.Sigma), spec.WeightScale,
    spec.Classes ?? 0)
{
    private readonly double _precision = 1 / (spec.Sigma * spec.Sigma);
    private readonly float _sigma = (float)spec.Sigma;

    private protected override (float[] Bias, double LogZ) UncoupledVisible(Dataset data) =>
        (DatasetStatistics.Of(data).Mean, -Space.Features * Math.Log(_precision / (2 * Math.PI)) / 2);

    private protected override float[] VisibleBias(DataSummary data) => data.Mean;

    private protected override Tensor VisibleEnergy(Tensor states, Tensor bias)
    {
        using Scalar half = _precision / 2;
        return states.sub(bias).Squared().sum(1).mul_(half);
    }

    private protected override Tensor VisibleGradient(Tensor states, Tensor bias)
    {
        using Scalar precision = _precision;
        return states.sub(bias).mul_(precision);
    }

    private protected override Tensor VisibleBiasGradient(Tensor states, Tensor bias, Tensor factor)
    {
        using Scalar precision = -_precision;
        return mv(states.sub(bias).t(), factor).mul_(precision);
    }

    private protected override Tensor VisibleBiasGradients(Tensor states, Tensor bias)
    {
        using Scalar precision = -_precision;
        return states.sub(bias).mul_(precision);
    }

    private protected override Tensor SampleVisible(Tensor input, Tensor bias, INoise noise, NoiseSite site)
    {
        input.Increase(bias);
        noise.AddNormal(input, _sigma, site);
        return input;
    }
}
