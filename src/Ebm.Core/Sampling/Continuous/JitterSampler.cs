using Ebm.Core.Energies;
using Ebm.Core.Spec;
using static TorchSharp.torch;

namespace Ebm.Core.Sampling.Continuous;

/// <summary>
/// One step that adds Gaussian noise, whatever the energy: started at the data it gives negatives that are the data,
/// blurred. Draw 0 of step 0.
/// </summary>
internal sealed class JitterSampler(JitterSpec spec) : ISampler
{
    /// <inheritdoc/>
    public int Steps => 1;

    /// <inheritdoc/>
    public SamplerResult Run(
        IEnergy energy, Parameters parameters, Tensor states, ChainBlock block, ClampedUnits? clamp = null)
    {
        using var scope = NewDisposeScope();
        var x = states.clone();
        block.Noise.AddNormal(x, (float)spec.Noise, block.At(0, 0));
        x = clamp?.Apply(x) ?? x;
        return new SamplerResult(x.MoveToOuterDisposeScope(), SamplerInfo.Of(states, x));
    }
}
