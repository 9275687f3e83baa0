using Ebm.Core.Energies;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Discrete;

/// <summary>
/// Block Gibbs sampling: a step is one sweep of <see cref="IBlockGibbs"/>. With a clamp each sweep resamples the free
/// coordinates given the fixed ones.
/// </summary>
internal sealed class GibbsSampler(GibbsSpec spec) : ISampler
{
    /// <inheritdoc/>
    public int Steps => spec.Steps;

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
    {
        if (energy is not IBlockGibbs machine)
        {
            throw new InputException(
                "sampler: gibbs needs energy: rbm, gaussian-rbm, ising or potts, whose units can be "
                    + "drawn given the others. "
                + "Use sampler: langevin with this energy, or gwg where its units are discrete.");
        }

        using var known = clamp?.Known.to_type(ScalarType.Bool, copy: true);
        var x = ChainStates.Begin(states, clamp);
        for (var step = 0; step < Steps; step++)
        {
            using var scope = NewDisposeScope();
            var next = machine.Sweep(parameters, x, block.Noise, block.At(step, 0), known);
            x.Dispose();
            x = next.MoveToOuterDisposeScope();
        }

        return new SamplerResult(x, SamplerInfo.Of(states, x, energy.Space.Units));
    }
}
