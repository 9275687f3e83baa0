using Ebm.Core.Energies;
using Ebm.Core.Native;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Continuous;

/// <summary>
/// Unadjusted Langevin dynamics with free step and noise (Du and Mordatch 2019; Nijkamp et al. 2019):
/// x &lt;- range(x - step_k clip(dE/dx (x)) + noise_k N(0, 1)), the noise being draw 0 of step k. It samples the model
/// itself for noise = sqrt(2 step) and step towards 0; step and noise fall geometrically to
/// <see cref="LangevinSpec.Anneal"/> times their start. The tutorials add the noise before the gradient is taken; the
/// order here is the textbook's, in which the state returned is a draw of the chain with its noise in it.
/// </summary>
internal sealed class LangevinSampler(LangevinSpec spec) : ISampler
{
    /// <inheritdoc/>
    public int Steps => spec.Steps;

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
    {
        using var graphless = no_grad();
        using var outer = NewDisposeScope();
        var x = ChainStates.Begin(states, clamp);
        var norms = zeros([x.shape[0]], x.dtype, x.device);
        using Scalar? clip = Given(spec.GradientClip), floor = Given(-spec.GradientClip);
        using Scalar? low = Given(spec.Range?[0]), high = Given(spec.Range?[1]);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var gradient = energy.StateGradient(parameters, x);
            norms.Increase(gradient.Squared().sum(1).sqrt_());
            if (clip is not null)
            {
                gradient.clamp_(floor, clip);
            }

            var share = AnnealedShare(step);
            using Scalar size = -spec.StepSize * share;
            x.add_(gradient, alpha: size);
            block.Noise.AddNormal(x, (float)(spec.Noise * share), block.At(step, 0));
            if (low is not null)
            {
                x.clamp_(low, high);
            }

            if (clamp is not null)
            {
                x.copy_(clamp.Apply(x));
            }
        }

        var norm = norms.to_type(ScalarType.Float64).mean().item<double>() / Steps;
        var info = SamplerInfo.Of(states, x) with { GradientNorm = norm };
        return new SamplerResult(x.MoveToOuterDisposeScope(), info);
    }

    private static Scalar? Given(double? value) => value is { } given ? (Scalar)given : null;

    /// <summary>1 at the first step, <see cref="LangevinSpec.Anneal"/> at the last, geometric in between.</summary>
    private double AnnealedShare(int step) => Steps == 1 ? 1 : Math.Pow(spec.Anneal, step / (Steps - 1.0));
}
