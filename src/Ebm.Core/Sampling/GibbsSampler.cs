using Ebm.Core.Energies;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling;

/// <summary>
/// Block Gibbs sampling: all hidden units given the visible ones, then all visible ones given the hidden. Draws 0 and 1 of a
/// step. With a clamp each sweep resamples the free coordinates given the fixed ones.
/// </summary>
public sealed class GibbsSampler(GibbsSpec spec) : ISampler
{
    /// <inheritdoc/>
    public int Steps => spec.Steps;

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, Clamp? clamp = null)
    {
        if (energy is not IBlockGibbs machine)
        {
            throw new InputException(
                "sampler: gibbs needs energy: rbm or gaussian-rbm, whose units are independent given the others. "
                + "Use sampler: langevin with this energy.");
        }

        var x = ChainStates.Begin(states, clamp);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var next = machine.Sweep(parameters, x, block.Noise, block.At(step, 0));
            x.Dispose();
            x = (clamp?.Apply(next) ?? next).MoveToOuterDisposeScope();
        }

        return new SamplerResult(x, SamplerInfo.Of(states, x));
    }
}
