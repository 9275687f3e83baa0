using Ebm.Core.Sampling;
using Ebm.Core.Sampling.Continuous;
using Ebm.Core.Sampling.Discrete;
using Ebm.Core.Sampling.Tempering;
using Ebm.Core.Spec;

namespace Ebm.Core.Registry;

/// <summary>Creates the sampler of a spec.</summary>
public static class SamplerFactory
{
    /// <summary>The sampler with the spec's settings.</summary>
    public static ISampler Create(SamplerSpec spec) => spec switch
    {
        GibbsSpec gibbs => new GibbsSampler(gibbs),
        LangevinSpec langevin => new LangevinSampler(langevin),
        MalaSpec mala => new HamiltonianSampler(mala),
        HmcSpec hmc => new HamiltonianSampler(hmc),
        GwgSpec gwg => new InformedSampler(gwg),
        DmalaSpec dmala => new InformedSampler(dmala),
        DulaSpec dula => new InformedSampler(dula),
        TemperingSpec tempering => new TemperingSampler(tempering, Create(tempering.Inner)),
        JitterSpec jitter => new JitterSampler(jitter),
        _ => throw new InvalidOperationException($"Unknown sampler {spec.GetType().Name}."),
    };
}
